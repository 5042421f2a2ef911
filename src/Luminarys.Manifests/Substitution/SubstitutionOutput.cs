using System.Collections.Immutable;
using System.Text;

namespace Luminarys.Manifests.Substitution;

/// <summary>Collects substituted text together with the source line of every part.</summary>
internal sealed class SubstitutionOutput(int maxLength)
{
    private readonly StringBuilder _text = new();
    private readonly ImmutableArray<Insertion>.Builder _insertions = ImmutableArray.CreateBuilder<Insertion>();
    private readonly List<(int Offset, int Line)> _lineStarts = [(0, 1)];
    private readonly ImmutableArray<(int Line, string Message)>.Builder _failures = ImmutableArray.CreateBuilder<(int, string)>();

    public bool IsFull { get; private set; }

    /// <summary>Copies one character of the source.</summary>
    public void Copy(char character, int line)
    {
        if (!HasRoom(1, line))
        {
            return;
        }

        EnterLine(line);
        _text.Append(character);
    }

    /// <summary>Inserts the value of a variable; all of it belongs to the line of the reference.</summary>
    public void Insert(string variable, string value, int line)
    {
        if (!HasRoom(value.Length, line))
        {
            return;
        }

        EnterLine(line);
        _insertions.Add(new Insertion(_text.Length, value.Length, variable, InsertionKind.Value));
        _text.Append(value);
    }

    public void InsertNothing(string variable, InsertionKind kind) =>
        _insertions.Add(new Insertion(_text.Length, 0, variable, kind));

    public void Fail(int line, string message) => _failures.Add((line, message));

    public SubstitutedText ToText() => new(_text.ToString(), _insertions.ToImmutable(), [.. _lineStarts], _failures.ToImmutable());

    private bool HasRoom(int length, int line)
    {
        if (!IsFull && _text.Length + length > maxLength)
        {
            IsFull = true;
            Fail(line, $"the file grows over {maxLength / 1024} KiB when its variables are replaced");
        }

        return !IsFull;
    }

    private void EnterLine(int line)
    {
        if (_lineStarts[^1].Line != line)
        {
            _lineStarts.Add((_text.Length, line));
        }
    }
}
