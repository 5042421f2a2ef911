using Luminarys.Permissions;

namespace Luminarys.Manifests.Validation;

/// <summary>Patterns of the manifest language, as texts of a file.</summary>
internal static class GlobRules
{
    public static string? Pattern(string text, out string value)
    {
        value = text;
        return text.Length == 0 ? "is empty"
            : text.Any(char.IsControl) ? "holds control characters"
            : Glob.TryParse(text, ignoreCase: false, out _, out var fault) ? null : fault;
    }
}
