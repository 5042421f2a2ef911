using System.Text;

namespace Luminarys.Files.Native;

/// <summary>Texts as the system takes them: UTF-8 with a NUL at the end.</summary>
internal static class NativePath
{
    private static readonly byte[] s_self = [(byte)'.', 0];

    /// <summary>The directory of a handle itself.</summary>
    public static ReadOnlySpan<byte> Self => s_self;

    /// <summary>A path or name.</summary>
    public static byte[] Encode(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>The text of a name that ends with a NUL. Bytes that are no text are replaced: such a name can be shown and not asked for.</summary>
    public static string Decode(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name[..^1]);
}
