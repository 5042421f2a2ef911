namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Finds the format of an archive from what a skill asks for, from the file's name, and from its first bytes.</summary>
internal static class ArchiveFormats
{
    /// <summary>The format's name in answers.</summary>
    public static string NameOf(ArchiveFormat format) => format == ArchiveFormat.Zip ? "zip" : "tar.gz";

    /// <summary>The format of an archive to be written.</summary>
    public static ArchiveFormat ForWriting(string format, string path) => Parse(format) ?? Guess(path) ?? ArchiveFormat.TarGz;

    /// <summary>The format of an archive to be read, whose stream is left at its start.</summary>
    public static ArchiveFormat ForReading(string format, string path, Stream archive) =>
        Parse(format) ?? Guess(path) ?? Detect(archive) ?? throw new ArchiveException("invalid argument: format: the file is neither tar.gz nor zip");

    private static ArchiveFormat? Parse(string format) => format switch
    {
        "" => null,
        "tar.gz" or "tgz" => ArchiveFormat.TarGz,
        "zip" => ArchiveFormat.Zip,
        _ => throw new ArchiveException("invalid argument: format: tar.gz, tgz and zip are known"),
    };

    private static ArchiveFormat? Guess(string path) =>
        HasExtension(path, ".zip") ? ArchiveFormat.Zip
        : HasExtension(path, ".tar.gz") || HasExtension(path, ".tgz") ? ArchiveFormat.TarGz
        : null;

    private static bool HasExtension(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private static ArchiveFormat? Detect(Stream archive)
    {
        var start = new byte[4];
        var length = archive.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        archive.Position = 0;
        return start.AsSpan(0, length) switch
        {
            [0x1F, 0x8B, ..] => ArchiveFormat.TarGz,
            [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6] => ArchiveFormat.Zip,
            _ => null,
        };
    }
}
