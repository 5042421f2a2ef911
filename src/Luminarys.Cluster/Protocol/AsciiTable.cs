using System.Text;

namespace Luminarys.Cluster.Protocol;

/// <summary>Finds one of a few short ASCII texts by its bytes on the wire, without making a text of them first.</summary>
internal sealed class AsciiTable
{
    private readonly string?[] _slots;

    public AsciiTable(IReadOnlyCollection<string> texts)
    {
        // Sparse, so that most texts are the first in their place.
        _slots = new string?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)texts.Count * 8)];
        foreach (var text in texts.Distinct(StringComparer.Ordinal))
        {
            var at = Place(Encoding.ASCII.GetBytes(text));
            while (_slots[at] is not null)
            {
                at = (at + 1) & (_slots.Length - 1);
            }

            _slots[at] = text;
        }
    }

    /// <summary>The text; null when it is none of the table's.</summary>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        for (var at = Place(utf8); _slots[at] is { } text; at = (at + 1) & (_slots.Length - 1))
        {
            if (Ascii.Equals(utf8, text))
            {
                return text;
            }
        }

        return null;
    }

    // The texts of a table are chosen by us: nobody outside can add to a chain.
    private int Place(ReadOnlySpan<byte> utf8) => AsciiHash.Of(utf8) & (_slots.Length - 1);
}
