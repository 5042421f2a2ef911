using System.Buffers.Binary;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Reads the file that a manifest names.</summary>
internal static class ModuleFile
{
    private const uint Magic = 0x6d736100;
    private const uint ModuleVersion = 1;
    private const int HeaderSize = 8;

    /// <summary>Answers the module's bytes, or what is wrong with the file and what to do.</summary>
    public static async Task<(byte[]? Source, string? Error)> ReadAsync(string path, int maxMegabytes, CancellationToken cancellationToken)
    {
        if (string.Equals(Path.GetExtension(path), ".skill", StringComparison.OrdinalIgnoreCase))
        {
            return (null, "signed packages are not supported yet; name a bare .wasm module");
        }

        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return (null, "no such file; check the manifest's path");
            }

            if (file.Length > (long)maxMegabytes << 20)
            {
                return (null, $"it has {file.Length} bytes, {maxMegabytes} MiB are allowed; make it smaller or raise the module size limit");
            }

            var source = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            return FindFault(source) is { } fault ? (null, fault) : (source, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"it cannot be read: {exception.Message}");
        }
    }

    /// <summary>Why the bytes are no core module, and what to do; null when they look like one.</summary>
    public static string? FindFault(ReadOnlySpan<byte> source)
    {
        if (source.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic)
        {
            return "it is not a WebAssembly module; name a .wasm file";
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(source[sizeof(uint)..]) == ModuleVersion
            ? null
            : "it is a WebAssembly component or of an unknown version; build a core module";
    }
}
