using System.Reflection;

namespace Luminarys.Lmsk.Scaffolding;

/// <summary>The files of a new project. They are part of this program, so that making one needs no network.</summary>
internal static class Scaffold
{
    // A file of that name would act on the repository that holds the templates.
    private const string HiddenIgnore = "gitignore";

    private static readonly Assembly s_assembly = typeof(Scaffold).Assembly;

    /// <summary>The files by their path in the project, in the order of their names.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string language, ProjectNames names)
    {
        var prefix = $"{language}/";
        foreach (var resource in s_assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            var name = resource.Replace('\\', '/');
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                var path = name[prefix.Length..];
                yield return (path == HiddenIgnore ? $".{path}" : path, names.Fill(Read(resource)));
            }
        }
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(s_assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
