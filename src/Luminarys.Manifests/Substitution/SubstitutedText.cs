using System.Collections.Immutable;

namespace Luminarys.Manifests.Substitution;

/// <summary>Text after substitution, which still knows the source line of each character and what came from variables.</summary>
/// <param name="Text">The text that the YAML parser sees.</param>
/// <param name="Insertions">Places that came from variables, in order.</param>
/// <param name="LineStarts">Offsets in <paramref name="Text"/> at which the source line changes, in order, with the new line.</param>
/// <param name="Failures">References that could not be replaced.</param>
internal sealed record SubstitutedText(
    string Text,
    ImmutableArray<Insertion> Insertions,
    ImmutableArray<(int Offset, int Line)> LineStarts,
    ImmutableArray<(int Line, string Message)> Failures)
{
    /// <summary>Line of the source file, counted from 1.</summary>
    public int LineAt(int offset)
    {
        int low = 0, high = LineStarts.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (LineStarts[middle].Offset <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return LineStarts.Length == 0 ? 1 : LineStarts[low].Line;
    }

    /// <summary>The first insertion of a kind that touches a range, or null.</summary>
    public Insertion? FindIn(int start, int end, InsertionKind kind)
    {
        for (var i = FirstFrom(start); i < Insertions.Length && Insertions[i].Start <= end; i++)
        {
            if (Insertions[i].Kind == kind)
            {
                return Insertions[i];
            }
        }

        return null;
    }

    /// <summary>Index of the first insertion that ends at or after an offset.</summary>
    private int FirstFrom(int offset)
    {
        int low = 0, high = Insertions.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Insertions[middle].End < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
