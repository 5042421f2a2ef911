using System.Security.Cryptography;
using System.Text;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// Compiled modules on disk. The engine runs whatever native code a file holds and notices no changed byte, so the directory is private and
/// each file carries a MAC under a key of this host, checked before the engine sees the content. Any trouble means compiling again.
/// </summary>
internal sealed class ModuleCache
{
    private const int MacSize = HMACSHA256.HashSizeInBytes;
    private const string KeyFile = "cache.key";

    /// <summary>Names the engine in file names, so that files of another engine are known as such.</summary>
    private static readonly string s_engine = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(WasmEngine.Fingerprint)).AsSpan(0, 4));

    private readonly WasmEngine _engine;
    private readonly ILogger _logger;
    private readonly string _directory;
    private readonly byte[] _key;

    private ModuleCache(WasmEngine engine, ILogger logger, string directory, byte[] key)
    {
        _engine = engine;
        _logger = logger;
        _directory = directory;
        _key = key;
    }

    /// <summary>Opens the cache; answers null, after a warning, when the directory is not safe or not usable.</summary>
    public static ModuleCache? Open(string directory, WasmEngine engine, ILogger logger)
    {
        try
        {
            if (PrivateDirectory.Prepare(directory) is { } refusal)
            {
                Log.CacheRefused(logger, refusal);
                return null;
            }

            var cache = new ModuleCache(engine, logger, directory, PrivateDirectory.ReadOrCreateKey(Path.Combine(directory, KeyFile)));
            cache.Sweep();
            return cache;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.CacheRefused(logger, $"{directory}: {exception.Message}");
            return null;
        }
    }

    /// <summary>Reads a compiled module; null when there is none that can be trusted and used.</summary>
    public async Task<SkillModule?> FindAsync(PackageDigest digest, CancellationToken cancellationToken)
    {
        var file = FileOf(digest);
        try
        {
            var content = File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false) : null;
            if (content is null)
            {
                return null;
            }

            if (content.Length < MacSize || !CryptographicOperations.FixedTimeEquals(content.AsSpan(0, MacSize), Mac(file, content.AsSpan(MacSize))))
            {
                Log.CacheEntryRejected(_logger, file);
                return null;
            }

            return new SkillModule(Module.Deserialize(_engine.Engine, digest.Hex, content.AsSpan(MacSize)), digest);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or WasmtimeException)
        {
            Log.CacheFailed(_logger, file, exception.Message);
            return null;
        }
    }

    /// <summary>Writes a compiled module, replacing the file as a whole.</summary>
    public async Task StoreAsync(SkillModule module, CancellationToken cancellationToken)
    {
        var file = FileOf(module.Digest);
        try
        {
            var code = module.Module.Serialize();
            await PrivateDirectory.ReplaceAsync(file, Mac(file, code), code, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or WasmtimeException)
        {
            Log.CacheFailed(_logger, file, exception.Message);
        }
    }

    /// <summary>The file of a module: one name for each source, engine version and set of engine settings.</summary>
    public string FileOf(PackageDigest digest)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes($"{digest.Hex}\n{WasmEngine.Fingerprint}"));
        return Path.Combine(_directory, $"{s_engine}-{Convert.ToHexStringLower(name)}.cwasm");
    }

    // What another version of the engine has compiled is of no use to this one, and a crash may leave files that are not complete.
    private void Sweep()
    {
        var swept = 0;
        foreach (var file in Directory.EnumerateFiles(_directory, "*.cwasm*"))
        {
            var name = Path.GetFileName(file);
            if (!name.StartsWith($"{s_engine}-", StringComparison.Ordinal) || !name.EndsWith(".cwasm", StringComparison.Ordinal))
            {
                File.Delete(file);
                swept++;
            }
        }

        if (swept > 0)
        {
            Log.CacheSwept(_logger, swept, _directory);
        }
    }

    // The name is authenticated too: a file must not stand in for another.
    private byte[] Mac(string file, ReadOnlySpan<byte> code)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
        mac.AppendData(code);
        return mac.GetHashAndReset();
    }
}
