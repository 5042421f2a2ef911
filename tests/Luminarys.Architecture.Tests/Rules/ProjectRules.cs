using System.Text.RegularExpressions;

namespace Luminarys.Architecture.Tests.Rules;

/// <summary>Who may reference whom. Declared references are what counts: reflection would see only those that are used.</summary>
internal static partial class ProjectRules
{
    private const string StandIns = "eng/stand-ins/";
    private static readonly string[] s_messagePackUsers = ["Luminarys.Cluster", "Luminarys.Skills", "Luminarys.Runtime.Wasm", "Luminarys.Mcp"];
    private static readonly string[] s_hostingUsers = ["Luminarys.Cli", "Luminarys.Lmsk", "Luminarys.Testing", "Luminarys.Events.MediatR"];
    private static readonly string[] s_detours = ["Reference", "Import", "NoWarn"];
    private static readonly string[] s_topFolders = ["samples/", "bench/", "tests/", "docs/snippets/"];
    private static readonly string[] s_projectFiles = ["README.md", "PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt"];

    /// <summary>An adapter puts one technology behind a port or an edge.</summary>
    public static bool IsAdapter(string project) =>
        project.StartsWith("Luminarys.Transport.", StringComparison.Ordinal)
        || project is "Luminarys.Runtime.Wasm" or "Luminarys.Storage.Sqlite" or "Luminarys.Files" or "Luminarys.Mcp";

    /// <summary>References that the table does not permit, projects without a row, rows without a project.</summary>
    public static IEnumerable<string> OutsideTheTable(IReadOnlyCollection<ProjectFile> projects, IReadOnlyDictionary<string, ProjectPermit> table)
    {
        foreach (var project in projects)
        {
            if (!table.TryGetValue(project.Name, out var permit))
            {
                yield return $"{project.Path} is not in the table of projects.";
                continue;
            }

            foreach (var reference in project.ProjectReferences.Where(path => !path.StartsWith(StandIns, StringComparison.Ordinal)))
            {
                if (!permit.Projects.Any(name => reference == $"src/{name}/{name}.csproj"))
                {
                    yield return $"{project.Path} may not reference project {reference}.";
                }
            }

            foreach (var package in project.Packages.Where(package => !permit.AllowsPackage(package)))
            {
                yield return $"{project.Path} may not reference package {package}.";
            }

            foreach (var framework in project.Frameworks.Where(name => !(permit.UsesAspNetCore && name == "Microsoft.AspNetCore.App")))
            {
                yield return $"{project.Path} may not reference framework {framework}.";
            }
        }

        foreach (var row in table.Keys.Except(projects.Select(project => project.Name)))
        {
            yield return $"The table of projects has a row for {row}, which does not exist.";
        }
    }

    /// <summary>Ways around the table: assemblies by path, imported files, other SDKs, silenced documentation.</summary>
    public static IEnumerable<string> HiddenReferences(IEnumerable<ProjectFile> projects)
    {
        foreach (var project in projects)
        {
            foreach (var name in s_detours.Where(name => project.Elements(name).Any()))
            {
                yield return $"{project.Path} has a <{name}>.";
            }

            if (project.Xml.Attribute("Sdk")?.Value != "Microsoft.NET.Sdk")
            {
                yield return $"{project.Path} does not use Microsoft.NET.Sdk, which brings no framework of its own.";
            }
        }
    }

    /// <summary>Arrows end at the composition root: nothing but an executable, a sample, a test or Testing sees Hosting.</summary>
    public static IEnumerable<string> HostingSeenFromBelow(IEnumerable<ProjectFile> projects) =>
        from project in projects
        where project.References.Contains("Luminarys.Hosting")
        where !s_hostingUsers.Contains(project.Name)
        where !s_topFolders.Any(folder => project.Path.StartsWith(folder, StringComparison.Ordinal))
        select $"{project.Path} may not reference Luminarys.Hosting.";

    /// <summary>Adapters never see each other, Cluster or Hosting.</summary>
    public static IEnumerable<string> AdaptersThatSeeOthers(IEnumerable<ProjectFile> projects) =>
        from project in projects
        where IsAdapter(project.Name) && project.Path.StartsWith("src/", StringComparison.Ordinal)
        from reference in project.References
        where IsAdapter(reference) || reference is "Luminarys.Cluster" or "Luminarys.Hosting"
        select $"{project.Path} is an adapter and may not reference {reference}.";

    /// <summary>The codec of the bus and of the guest boundary stays where bytes are read.</summary>
    public static IEnumerable<string> MessagePackElsewhere(IEnumerable<ProjectFile> projects) =>
        from project in projects
        from package in project.Packages
        where package.Contains("MessagePack", StringComparison.OrdinalIgnoreCase) && !s_messagePackUsers.Contains(project.Name)
        select $"{project.Path} may not reference {package}.";

    /// <summary>A stand-in replaces a package that a feed lacks: conditional, and never shipped instead of it.</summary>
    public static IEnumerable<string> UnconditionalStandIns(IEnumerable<ProjectFile> projects) =>
        from project in projects
        from element in project.Elements("ProjectReference")
        where project.Resolve(element.Attribute("Include")?.Value ?? "").StartsWith(StandIns, StringComparison.Ordinal)
        where element.Attribute("Condition")?.Value != "'$(UseStandIns)' == 'true'"
        select $"{project.Path} references a stand-in without the condition UseStandIns.";

    /// <summary>One place for versions: Directory.Packages.props, and Directory.Build.props for the suite's own.</summary>
    public static IEnumerable<string> VersionsOutsideTheCentralFile(IEnumerable<ProjectFile> projects) =>
        from project in projects
        from element in project.Xml.DescendantsAndSelf()
        where element.Attributes().Any(attribute => attribute.Name.LocalName is "Version" or "VersionOverride")
            || (element.Name.LocalName is "Version" or "VersionPrefix" or "PackageVersion" && !project.Path.StartsWith(StandIns, StringComparison.Ordinal))
        select $"{project.Path} has a version of its own at <{element.Name.LocalName}>.";

    /// <summary>What the shared file gives to every library must not reach the library's users.</summary>
    public static IEnumerable<string> SharedPackagesThatFlow(ProjectFile shared) =>
        from element in shared.Elements("PackageReference")
        where element.Attribute("PrivateAssets")?.Value != "all"
        where element.Parent?.Attribute("Condition")?.Value.Contains("EndsWith('.Tests')", StringComparison.Ordinal) != true
        select $"{shared.Path} gives {element.Attribute("Include")?.Value} to every library without PrivateAssets=\"all\".";

    /// <summary>Files that every library has.</summary>
    public static IEnumerable<string> MissingFiles(IEnumerable<ProjectFile> projects, Func<string, bool> exists) =>
        from project in projects
        from file in s_projectFiles
        where !exists($"{project.Folder}/{file}")
        select $"{project.Folder} has no {file}.";

    /// <summary>Projects that the solution leaves out.</summary>
    public static IEnumerable<string> OutsideTheSolution(IEnumerable<ProjectFile> projects, string solution)
    {
        var listed = SolutionProject().Matches(solution).Select(match => match.Groups[1].Value.Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        return from project in projects where !listed.Contains(project.Path) select $"{project.Path} is not in Luminarys.sln.";
    }

    [GeneratedRegex("""^Project\("[^"]+"\) = "[^"]+", "([^"]+\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex SolutionProject();
}
