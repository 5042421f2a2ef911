namespace Luminarys.Manifests.Substitution;

/// <summary>Line numbers of growing offsets of one text. Not for random access: an offset is never smaller than the one before.</summary>
internal sealed class LineCounter(string text)
{
    private int _offset;
    private int _line = 1;

    public int At(int offset)
    {
        for (; _offset < offset; _offset++)
        {
            if (text[_offset] == '\n')
            {
                _line++;
            }
        }

        return _line;
    }
}
