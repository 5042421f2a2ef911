namespace Luminarys.Cluster.Protocol;

/// <summary>A hash of short texts that looks at three of their bytes. For tables where a collision costs no more than one comparison.</summary>
internal static class AsciiHash
{
    public static int Of(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? 0 : (((((utf8.Length * 31) + utf8[0]) * 31) + utf8[utf8.Length / 2]) * 31) + utf8[^1];
}
