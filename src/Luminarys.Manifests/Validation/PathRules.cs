namespace Luminarys.Manifests.Validation;

/// <summary>Paths of files and directories on this host.</summary>
internal static class PathRules
{
    /// <summary>A path; relative ones are resolved against the working directory of the host.</summary>
    public static ValueRule<string> Absolute(string workingDirectory) => (string text, out string value) =>
    {
        value = "";
        if (text.Any(char.IsControl))
        {
            return "holds control characters";
        }

        value = Path.GetFullPath(text, workingDirectory);
        return null;
    };

    /// <summary>A file that must be there.</summary>
    public static ValueRule<string> ExistingFile(string workingDirectory) => (string text, out string value) =>
        Absolute(workingDirectory)(text, out value) ?? (File.Exists(value) ? null : "does not name a file that can be read");

    /// <summary>A manifest file or a pattern for some, as named.</summary>
    public static string? Manifest(string text, out string value)
    {
        value = text;
        return text.Any(char.IsControl) ? "holds control characters" : null;
    }

    /// <summary>Absolute directories separated by colons.</summary>
    public static string? SearchPath(string text, out string[] value)
    {
        value = text.Split(':', StringSplitOptions.RemoveEmptyEntries);
        return Array.TrueForAll(value, entry => Path.IsPathRooted(entry) && !entry.Any(char.IsControl)) && value.Length > 0
            ? null
            : "is not a list of absolute directories separated by ':'";
    }
}
