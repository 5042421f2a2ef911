using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Luminarys.Cluster.Protocol;

/// <summary>Finds short ASCII texts by their bytes on the wire, without making a text of them first.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static Utf8Comparer Instance { get; } = new();

    public bool Equals(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other);

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.ASCII.GetString(alternate);

    // The texts of a table are chosen by us: nobody outside can add to a chain.
    public int GetHashCode([DisallowNull] string text) =>
        text.Length == 0 ? 0 : Hash(text.Length, text[0], text[text.Length / 2], text[^1]);

    public int GetHashCode(ReadOnlySpan<byte> alternate) =>
        alternate.Length == 0 ? 0 : Hash(alternate.Length, alternate[0], alternate[alternate.Length / 2], alternate[^1]);

    private static int Hash(int length, int first, int middle, int last) => (((((length * 31) + first) * 31) + middle) * 31) + last;
}
