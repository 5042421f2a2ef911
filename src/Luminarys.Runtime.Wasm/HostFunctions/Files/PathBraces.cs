using System.Collections.Immutable;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>
/// Writes out the brace groups of a path: <c>/d/{a,b}</c> is two paths. A group without a comma and a brace without its partner are text; a backslash
/// makes text of a brace or comma behind it.
/// </summary>
internal sealed class PathBraces
{
    private const int MaxPaths = 256;
    private const int MaxLength = 16 * 1024;
    private const int MaxDepth = 16;

    private readonly string _path;

    // For each opening brace of a group the places of its commas and its closing brace.
    private readonly Dictionary<int, List<int>> _groups = [];

    private PathBraces(string path) => _path = path;

    /// <summary>The paths, or what is wrong.</summary>
    public static string? Expand(string path, out ImmutableArray<string> paths)
    {
        paths = [];
        if (path.Length > MaxLength)
        {
            return $"is longer than {MaxLength} characters";
        }

        var braces = new PathBraces(path);
        if (braces.FindGroups() is { } fault)
        {
            return fault;
        }

        if (braces.Expand(0, path.Length) is not { } expanded)
        {
            return $"stands for more than {MaxPaths} paths";
        }

        paths = [.. expanded];
        return null;
    }

    private string? FindGroups()
    {
        var open = new Stack<(int Start, List<int> Places)>();
        for (var at = 0; at < _path.Length; at++)
        {
            switch (_path[at])
            {
                case '\\' when IsEscape(at):
                    at++;
                    break;
                case '{' when open.Count == MaxDepth:
                    return $"nests braces more than {MaxDepth} deep";
                case '{':
                    open.Push((at, []));
                    break;
                case ',' when open.TryPeek(out var group):
                    group.Places.Add(at);
                    break;
                case '}' when open.TryPop(out var closed) && closed.Places.Count > 0:
                    closed.Places.Add(at);
                    _groups.Add(closed.Start, closed.Places);
                    break;
            }
        }

        return null;
    }

    private List<string>? Expand(int start, int end)
    {
        List<StringBuilder> paths = [new()];
        for (var at = start; at < end; at++)
        {
            if (!_groups.TryGetValue(at, out var places))
            {
                at += _path[at] == '\\' && IsEscape(at) ? 1 : 0;
                foreach (var path in paths)
                {
                    path.Append(_path[at]);
                }

                continue;
            }

            if (Multiply(paths, at, places) is not { } more)
            {
                return null;
            }

            paths = more;
            at = places[^1];
        }

        return [.. paths.Select(path => path.ToString())];
    }

    private List<StringBuilder>? Multiply(List<StringBuilder> paths, int open, List<int> places)
    {
        var alternatives = new List<string>();
        var from = open + 1;
        foreach (var place in places)
        {
            if (Expand(from, place) is not { } inner || paths.Count * (alternatives.Count + inner.Count) > MaxPaths)
            {
                return null;
            }

            alternatives.AddRange(inner);
            from = place + 1;
        }

        return [.. paths.SelectMany(_ => alternatives, (path, alternative) => new StringBuilder().Append(path).Append(alternative))];
    }

    private bool IsEscape(int at) => at + 1 < _path.Length && _path[at + 1] is '{' or '}' or ',';
}
