using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>A list of patterns that is compared with plain texts. A pattern that cannot be read matches only itself.</summary>
/// <param name="key">Key of the manifest that holds the list.</param>
/// <param name="patterns">The patterns.</param>
internal sealed class TextGrants(string key, ImmutableArray<string> patterns)
{
    private readonly ImmutableArray<(string Text, Glob? Glob)> _patterns =
        [.. patterns.Select(text => (text, Glob.TryParse(text, ignoreCase: false, out var glob, out _) ? glob : null))];

    /// <summary>Whether an entry is this text or matches it.</summary>
    public Verdict Judge(string text)
    {
        foreach (var (pattern, glob) in _patterns)
        {
            if (pattern == text || glob?.IsMatch(text) == true)
            {
                return Verdict.Allow($"{key}: {pattern}");
            }
        }

        return Verdict.Deny($"nothing in {key} matches", $"{key}: [\"{text}\"]");
    }
}
