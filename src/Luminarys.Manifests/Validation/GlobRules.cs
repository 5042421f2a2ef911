using Luminarys.Permissions;

namespace Luminarys.Manifests.Validation;

/// <summary>Patterns of the manifest language, as texts of a file.</summary>
internal static class GlobRules
{
    // Compiling takes a millisecond, and only a long pattern can turn out too large for it.
    private const int AlwaysSmall = 512;

    public static string? Pattern(string text, out string value)
    {
        value = text;
        return text.Length == 0 ? "is empty"
            : text.Any(char.IsControl) ? "holds control characters"
            : !Glob.TryExpand(text, out _, out var fault) ? fault
            : text.Length <= AlwaysSmall || Glob.TryParse(text, ignoreCase: false, out _, out fault) ? null
            : fault;
    }
}
