using System.Text;

namespace Luminarys.Skills.Authoring;

/// <summary>Writes source text line by line.</summary>
internal sealed class SourceWriter(string indent)
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes one line; an empty text gives an empty line.</summary>
    public SourceWriter Line(string text = "")
    {
        if (text.Length > 0)
        {
            for (var i = 0; i < _depth; i++)
            {
                _text.Append(indent);
            }
        }

        _text.Append(text).Append('\n');
        return this;
    }

    /// <summary>Writes text of several lines as it is, at the current depth.</summary>
    public SourceWriter Block(string lines)
    {
        foreach (var line in lines.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            Line(line);
        }

        return this;
    }

    public SourceWriter In()
    {
        _depth++;
        return this;
    }

    public SourceWriter Out()
    {
        _depth--;
        return this;
    }

    public override string ToString() => _text.ToString();
}
