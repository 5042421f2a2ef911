using System.Text;

namespace Luminarys.Manifests;

/// <summary>Reads a small text file of an operator. Failures are words, not exceptions.</summary>
internal static class InputFile
{
    private const int MaxBytes = 1024 * 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text without a byte order mark, or why there is none.</summary>
    public static (string? Text, string? Complaint) Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            var block = new byte[16 * 1024];
            for (int count; (count = stream.Read(block)) > 0;)
            {
                bytes.Write(block, 0, count);
                if (bytes.Length > MaxBytes)
                {
                    return (null, $"the file is larger than {MaxBytes / 1024} KiB");
                }
            }

            return (StrictUtf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF'), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, "the file is not UTF-8 text");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, $"the file does not exist (looked for {path})");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"the file cannot be read (tried {path}): check its permissions");
        }
    }
}
