using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Luminarys.Cluster;

/// <summary>
/// The private key of a node: ECDSA on P-256, kept as PKCS#8 PEM in a file that only its owner may read. Others know the node by the key's
/// fingerprint. Never logged; disposing it forgets it. Thread-safe.
/// </summary>
public sealed class NodeKey : IDisposable
{
    private const int KeyBits = 256;
    private const int MaxFile = 64 * 1024;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnly = OwnerFile | UnixFileMode.UserExecute;

    private readonly Lock _gate = new();
    private readonly ECDsa _key;

    private NodeKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        PublicPoint = (byte[])[4, .. point.X!, .. point.Y!];
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(PublicPoint.Span));
    }

    /// <summary>SHA-256 of the public key as an uncompressed point, in 64 lower-case hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>The public key as an uncompressed point of 65 bytes.</summary>
    internal ReadOnlyMemory<byte> PublicPoint { get; }

    /// <summary>Makes a new key.</summary>
    public static NodeKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>
    /// Opens a key file; false when it is missing, when others may read it, or when it holds no private key on P-256. Then the problem says what to do.
    /// </summary>
    public static bool TryOpen(string file, [NotNullWhen(true)] out NodeKey? key, [NotNullWhen(false)] out string? problem)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        key = null;
        if (!TryReadText(file, out var pem, out problem))
        {
            return false;
        }

        var draft = ECDsa.Create();
        try
        {
            draft.ImportFromPem(pem);

            // A PEM file may hold a public key alone: that one cannot sign.
            _ = draft.SignHash(new byte[SHA256.HashSizeInBytes]);
            if (draft.KeySize == KeyBits && draft.ExportParameters(false).Curve.Oid?.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
            {
                key = new(draft);
                return true;
            }

            problem = $"{file}: it is not a P-256 key; make one with: luminarys node-key {file}";
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            problem = $"{file}: it is not a private key in PEM form without a passphrase; make one with: luminarys node-key {file}";
        }

        draft.Dispose();
        return false;
    }

    /// <summary>Writes the key to a new file that only its owner may read. An existing file stays as it is; then the answer is the problem, else null.</summary>
    public string? TrySave(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        try
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, OwnerOnly);
                options.UnixCreateMode = OwnerFile;
            }

            using var writer = new StreamWriter(new FileStream(file, options));
            writer.WriteLine(_key.ExportPkcs8PrivateKeyPem());
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return File.Exists(file) ? $"{file}: it exists; name another file" : $"{file}: {exception.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>Signs a SHA-256: r and s, 32 bytes each.</summary>
    internal void Sign(ReadOnlySpan<byte> digest, Span<byte> signature)
    {
        lock (_gate)
        {
            _key.TrySignHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out _);
        }
    }

    private static bool TryReadText(string file, out string text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = ("", null);
        try
        {
            var info = new FileInfo(file);
            if (!info.Exists)
            {
                problem = $"{file}: there is no such key file; make one with: luminarys node-key {file}";
            }
            else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
            {
                problem = $"{file}: others may read this private key; run: chmod 600 {file}";
            }
            else if (info.Length > MaxFile)
            {
                problem = $"{file}: it is too long for a key file";
            }
            else
            {
                text = File.ReadAllText(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"{file}: {exception.Message}";
        }

        return problem is null;
    }
}
