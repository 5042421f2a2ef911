using System.Text.Unicode;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>What makes bytes a text: UTF-8 without a NUL near the start.</summary>
internal static class TextBytes
{
    /// <summary>Bytes in which a NUL is looked for.</summary>
    public const int Head = 8 * 1024;

    /// <summary>Whether the whole content of a file is text.</summary>
    public static bool IsText(ReadOnlySpan<byte> content) => !content[..Math.Min(Head, content.Length)].Contains((byte)0) && Utf8.IsValid(content);

    /// <summary>The content without a byte order mark.</summary>
    public static ReadOnlySpan<byte> SkipMark(ReadOnlySpan<byte> content) => content.StartsWith("\uFEFF"u8) ? content[3..] : content;

    /// <summary>The length up to the last character that is complete.</summary>
    public static int WholeLength(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var lead = bytes[^back];
            var needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
            if (needed > back)
            {
                return bytes.Length - back;
            }

            if (lead < 0x80 || needed > 1)
            {
                break;
            }
        }

        return bytes.Length;
    }

    /// <summary>A line without the carriage return at its end.</summary>
    public static ReadOnlySpan<byte> TrimReturn(ReadOnlySpan<byte> line) => line.EndsWith("\r"u8) ? line[..^1] : line;
}
