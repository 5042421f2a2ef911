using System.Buffers.Binary;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Reads the file that a manifest names: once, so that what is judged is what runs.</summary>
internal static class ModuleFile
{
    private const string PackageEnding = ".skill";
    private const uint Magic = 0x6d736100;
    private const uint ModuleVersion = 1;
    private const int HeaderSize = 8;

    /// <summary>Answers the file's bytes, or what is wrong with it and what to do.</summary>
    public static async Task<(byte[]? Content, string? Error)> ReadAsync(string path, int maxMegabytes, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return (null, "no such file; check the manifest's path");
            }

            return file.Length > (long)maxMegabytes << 20
                ? (null, $"it has {file.Length} bytes, {maxMegabytes} MiB are allowed; make it smaller or raise the module size limit")
                : (await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"it cannot be read: {exception.Message}");
        }
    }

    /// <summary>Whether the file's name says that it is a package.</summary>
    public static bool IsNamedPackage(string path) => string.Equals(Path.GetExtension(path), PackageEnding, StringComparison.OrdinalIgnoreCase);

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
