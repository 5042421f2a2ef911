using System.Text;

namespace Luminarys.Cluster.Protocol;

/// <summary>
/// Short texts that were read lately, each in the one place that its hash gives it: names of nodes, skills and methods come with every message. A new one
/// takes the place of the old, so it never grows. Thread-safe: a place is read and written at once.
/// </summary>
internal static class RecentTexts
{
    private const int Places = 1024;
    private const int MaxLength = 64;
    private static readonly string?[] s_places = new string?[Places];

    /// <summary>The text of the bytes.</summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var place = ref s_places[AsciiHash.Of(utf8) & (Places - 1)];
        if (Volatile.Read(ref place) is { } recent && Ascii.Equals(utf8, recent))
        {
            return recent;
        }

        var text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref place, text);
        return text;
    }
}
