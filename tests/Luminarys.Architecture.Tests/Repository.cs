using System.Diagnostics;
using System.Reflection;

namespace Luminarys.Architecture.Tests;

/// <summary>The tree that the rules are applied to.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every project below <c>src</c>.</summary>
    public static IReadOnlyList<ProjectFile> SourceProjects { get; } = [.. Projects("src")];

    /// <summary>Every project of the repository.</summary>
    public static IReadOnlyList<ProjectFile> AllProjects { get; } =
        [.. SourceProjects, .. Projects("tests"), .. Projects("samples"), .. Projects("bench"), .. Projects("docs"), .. Projects("eng")];

    /// <summary>Every hand-written C# file below <c>src</c>.</summary>
    public static IReadOnlyList<SourceFile> SourceFiles { get; } =
        [.. Files("src", "*.cs").Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    /// <summary>The assemblies of the projects below <c>src</c> that this test project references, by project name.</summary>
    public static IReadOnlyDictionary<string, Assembly> SourceAssemblies { get; } = SourceProjects
        .Where(project => File.Exists(Path.Combine(AppContext.BaseDirectory, project.AssemblyName + ".dll")))
        .ToDictionary(project => project.Name, project => Assembly.Load(project.AssemblyName), StringComparer.Ordinal);

    /// <summary>The types of one project's assembly.</summary>
    public static Type[] TypesOf(string project) => SourceAssemblies[project].GetTypes();

    /// <summary>Paths, relative to the root, of files below a folder; build output is left out.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var top = Path.Combine(Root, folder);
        return !Directory.Exists(top)
            ? []
            : Directory.EnumerateFiles(top, pattern, SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
                .Order(StringComparer.Ordinal);
    }

    /// <summary>Paths of all files under version control; null when this is not a checkout.</summary>
    public static async Task<IReadOnlyList<string>?> TrackedFilesAsync(CancellationToken cancellationToken)
    {
        if (!Path.Exists(Path.Combine(Root, ".git")))
        {
            return null;
        }

        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z"]) { WorkingDirectory = Root, RedirectStandardOutput = true })!;
        var output = await git.StandardOutput.ReadToEndAsync(cancellationToken);
        await git.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, git.ExitCode);

        // A tracked file may be deleted in the working tree.
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(Path.Combine(Root, path)))];
    }

    private static IEnumerable<ProjectFile> Projects(string folder) =>
        Files(folder, "*.csproj").Select(path => ProjectFile.Parse(path, File.ReadAllText(Path.Combine(Root, path))));

    private static string FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Luminarys.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Luminarys.sln above {start}.");
    }
}
