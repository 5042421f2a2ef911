using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Which files a search reads. A pattern without a slash is of names, any other of paths from the start.</summary>
internal sealed class FileFilter
{
    private const int MaxLength = 1024;

    private readonly List<(Glob Pattern, bool IsOfPath)> _include = [];
    private readonly List<(Glob Pattern, bool IsOfPath)> _exclude = [];
    private readonly IReadOnlySet<string>? _extensions;

    private FileFilter(string type) => _extensions = FileTypes.Find(type);

    /// <summary>Reads the patterns of a request, or answers what the guest is told.</summary>
    public static bool TryParse(GrepRequest request, int maxPatterns, [NotNullWhen(true)] out FileFilter? filter, [NotNullWhen(false)] out string? fault)
    {
        filter = new(request.TypeFilter);
        fault = Add(filter._include, "include", request.Include, maxPatterns) ?? Add(filter._exclude, "exclude", request.Exclude, maxPatterns);
        return fault is null;
    }

    /// <summary>Whether a file is of the wanted type.</summary>
    public bool AcceptsType(string name) => _extensions?.Contains(FileTypes.ExtensionOf(name)) != false;

    /// <summary>Whether the patterns accept a file. A long list takes time, so the token is watched.</summary>
    public bool AcceptsPath(string path, CancellationToken cancellationToken) =>
        (_include.Count == 0 || IsAnyMatch(_include, path, cancellationToken)) && !IsAnyMatch(_exclude, path, cancellationToken);

    private static bool IsAnyMatch(List<(Glob Pattern, bool IsOfPath)> patterns, string path, CancellationToken cancellationToken)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        foreach (var (pattern, isOfPath) in patterns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (pattern.IsMatch(isOfPath ? path : name))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Add(List<(Glob Pattern, bool IsOfPath)> list, string argument, ImmutableArray<string> patterns, int maxPatterns)
    {
        if (patterns.Length > maxPatterns)
        {
            return $"invalid argument: {argument}: more than {maxPatterns} patterns";
        }

        foreach (var pattern in patterns)
        {
            if (pattern.Length > MaxLength)
            {
                return $"invalid argument: {argument}: a pattern is longer than {MaxLength} characters";
            }

            if (!Glob.TryParse(pattern, ignoreCase: false, out var glob, out var fault))
            {
                return $"invalid argument: {argument}: '{pattern}' {fault}";
            }

            list.Add((glob, pattern.Contains('/', StringComparison.Ordinal)));
        }

        return null;
    }
}
