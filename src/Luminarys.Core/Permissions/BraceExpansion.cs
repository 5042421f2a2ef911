using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>
/// Writes out the brace groups of one pattern and checks its form on the way: escapes, classes, braces. Stops at the limits before it has made
/// anything large.
/// </summary>
internal sealed class BraceExpansion(string pattern)
{
    private const int MaxAlternatives = 256;
    private const int MaxDepth = 16;
    private const int MaxCharacters = 64 * 1024;

    // What the open groups hold: alternatives that are complete, and the one that is being written, which is several after an inner group.
    private readonly Stack<(List<string> Finished, List<string> Current)> _outer = new();
    private List<string> _finished = [];
    private List<string> _current = [""];
    private int _start;

    /// <summary>The alternatives without braces, in their order; else what is wrong with the pattern.</summary>
    public string? Expand(out ImmutableArray<string> alternatives)
    {
        alternatives = [];
        for (var at = 0; at < pattern.Length; at++)
        {
            if (Read(ref at) is { } fault)
            {
                return fault;
            }
        }

        if (_outer.Count > 0)
        {
            return "holds a '{' without its '}'";
        }

        Take(pattern.Length);
        alternatives = [.. _current];
        return FindExcess();
    }

    private string? Read(ref int at)
    {
        switch (pattern[at])
        {
            case '\\':
                return ++at == pattern.Length ? "ends with a lone backslash" : null;
            case '[':
                var characters = GlobClass.Read(pattern, at, out at, out var fault);
                return characters is null ? fault : null;
            case '{' when _outer.Count == MaxDepth:
                return $"nests braces more than {MaxDepth} deep";
            case '{':
                Take(at);
                _outer.Push((_finished, _current));
                (_finished, _current) = ([], [""]);
                return null;
            case ',' when _outer.Count > 0:
                Take(at);
                _finished.AddRange(_current);
                _current = [""];
                return FindExcess();
            case '}' when _outer.Count == 0:
                return "holds a '}' without its '{'";
            case '}':
                return Close(at);
            default:
                return null;
        }
    }

    private string? Close(int at)
    {
        Take(at);
        _finished.AddRange(_current);
        var group = _finished;
        (_finished, var before) = _outer.Pop();
        if (before.Count * group.Count > MaxAlternatives || ((long)Length(before) * group.Count) + ((long)Length(group) * before.Count) > MaxCharacters)
        {
            return TooMuch;
        }

        _current = [.. before.SelectMany(_ => group, (prefix, alternative) => prefix + alternative)];
        return FindExcess();
    }

    // Appends what was passed since the last brace or comma.
    private void Take(int end)
    {
        if (end > _start)
        {
            var run = pattern[_start..end];
            for (var i = 0; i < _current.Count; i++)
            {
                _current[i] += run;
            }
        }

        _start = end + 1;
    }

    private string? FindExcess() =>
        _finished.Count + _current.Count > MaxAlternatives + 1 || Length(_finished) + Length(_current) > MaxCharacters ? TooMuch : null;

    private static string TooMuch => $"stands for more than {MaxAlternatives} alternatives, or for too long ones; write it as several patterns";

    private static int Length(List<string> texts)
    {
        var length = 0;
        foreach (var text in texts)
        {
            length += text.Length;
        }

        return length;
    }
}
