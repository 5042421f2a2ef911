using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Luminarys.Permissions;

/// <summary>
/// The pattern of a directory grant. <c>/a/b</c> names one directory. <c>/a/*/c</c> names every directory that it matches. A trailing <c>/**</c>
/// adds nothing, since a grant reaches everything below its directory, and is dropped: <c>/a/**</c> is as specific as <c>/a</c>.
/// </summary>
public sealed class DirectoryPattern
{
    private const string Special = "*?[{}\\";
    private readonly Glob? _glob;
    private readonly int _depth;

    private DirectoryPattern(string text, string prefix, Glob? glob, int depth) => (Text, LiteralPrefix, _glob, _depth) = (text, prefix, glob, depth);

    /// <summary>The pattern, without trailing <c>/**</c>.</summary>
    public string Text { get; }

    /// <summary>Whether it names one directory: <see cref="LiteralPrefix"/>.</summary>
    public bool IsLiteral => _glob is null;

    /// <summary>The directory up to the first segment with a pattern character.</summary>
    public string LiteralPrefix { get; }

    /// <summary>What follows <see cref="LiteralPrefix"/>, as a pattern; empty for a literal one.</summary>
    public string Remainder => IsLiteral ? "" : Text[^RemainderLength..];

    private int RemainderLength { get; init; }

    /// <summary>Reads a pattern, or says in <paramref name="fault"/> what is wrong with it.</summary>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out DirectoryPattern? parsed, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        parsed = null;
        if (!pattern.StartsWith('/'))
        {
            fault = "is not absolute";
            return false;
        }

        var text = Simplify(pattern);
        var start = StartOfSpecialSegment(text);
        if (!DirectoryPath.TryNormalize(Unescape(text[..(start < 0 ? text.Length : start)]), out var prefix, out fault))
        {
            return false;
        }

        if (start < 0)
        {
            parsed = new(text, prefix, null, 0);
            return true;
        }

        if (text.Split('/').Contains(".."))
        {
            fault = "holds '..'";
            return false;
        }

        if (!Glob.TryParse(text, ignoreCase: false, out var glob, out fault))
        {
            return false;
        }

        parsed = new(text, prefix, glob, DepthOf(text)) { RemainderLength = text.Length - start };
        return true;
    }

    /// <summary>The text of a pattern that names exactly one directory.</summary>
    public static string Escape(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var text = new StringBuilder(path.Length);
        foreach (var character in path)
        {
            _ = (Special.Contains(character, StringComparison.Ordinal) ? text.Append('\\') : text).Append(character);
        }

        return text.ToString();
    }

    /// <summary>Whether a path is a directory that the pattern names, rather than something below one.</summary>
    public bool Names(string path) => _glob?.IsMatch(path) ?? path == LiteralPrefix;

    /// <summary>
    /// The part of a path that the pattern names; null when it is neither such a directory nor below one. Where several are, the first counts, or
    /// the last with <paramref name="deepest"/>.
    /// </summary>
    public string? FindRoot(string path, bool deepest)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!DirectoryPath.IsWithin(path, LiteralPrefix))
        {
            return null;
        }

        if (_glob is null)
        {
            return LiteralPrefix;
        }

        var ends = EndsOfSegments(path);
        if (_depth > 0)
        {
            return ends.Count >= _depth && _glob.IsMatch(path.AsSpan(0, ends[_depth - 1])) ? path[..ends[_depth - 1]] : null;
        }

        if (deepest)
        {
            ends.Reverse();
        }

        foreach (var end in ends)
        {
            if (_glob.IsMatch(path.AsSpan(0, end)))
            {
                return path[..end];
            }
        }

        return null;
    }

    private static string Simplify(string pattern)
    {
        var text = new StringBuilder(pattern.Length);
        foreach (var character in pattern)
        {
            if (character != '/' || text.Length == 0 || text[^1] != '/')
            {
                _ = text.Append(character);
            }
        }

        var simple = text.ToString();
        while (simple.Length > 1 && (simple.EndsWith('/') || simple.EndsWith("/**", StringComparison.Ordinal)))
        {
            simple = simple[..^(simple.EndsWith('/') ? 1 : 3)];
        }

        return simple.Length == 0 ? "/" : simple;
    }

    private static int StartOfSpecialSegment(string text)
    {
        var segment = 1;
        for (var at = 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '/':
                    segment = at + 1;
                    break;
                case '\\':
                    at++;
                    break;
                case '*' or '?' or '[' or '{' or '}':
                    return segment;
            }
        }

        return -1;
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            _ = plain.Append(text[at]);
        }

        return plain.ToString();
    }

    // The number of segments of everything it matches; 0 when that varies.
    private static int DepthOf(string text)
    {
        var depth = 0;
        var open = 0;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    break;
                case '{' or '[':
                    open++;
                    break;
                case '}' or ']':
                    open--;
                    break;
                case '/' when open == 0:
                    depth++;
                    break;
                case '/':
                case '*' when at > 0 && text[at - 1] == '*':
                    return 0;
            }
        }

        return open == 0 ? depth : 0;
    }

    private static List<int> EndsOfSegments(string path)
    {
        var ends = new List<int>();
        for (var at = 2; at <= path.Length; at++)
        {
            if (at == path.Length || path[at] == '/')
            {
                ends.Add(at);
            }
        }

        return ends;
    }
}
