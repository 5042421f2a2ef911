using System.Xml.Linq;

namespace Luminarys.Architecture.Tests;

/// <summary>What a project file declares.</summary>
/// <param name="Path">Path relative to the root, with slashes.</param>
/// <param name="Xml">Content.</param>
internal sealed record ProjectFile(string Path, XElement Xml)
{
    /// <summary>Name of the project: its file without the ending.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Folder of the project, relative to the root.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    /// <summary>Name of the assembly.</summary>
    public string AssemblyName => Elements("AssemblyName").FirstOrDefault()?.Value ?? Name;

    /// <summary>Paths of referenced projects relative to the root, under whatever condition.</summary>
    public IEnumerable<string> ProjectReferences => Includes("ProjectReference").Select(Resolve);

    /// <summary>Names of referenced projects below <c>src</c>.</summary>
    public IEnumerable<string> References => ProjectReferences
        .Where(path => path.StartsWith("src/", StringComparison.Ordinal))
        .Select(path => System.IO.Path.GetFileNameWithoutExtension(path)!);

    /// <summary>Names of referenced packages, under whatever condition.</summary>
    public IEnumerable<string> Packages => Includes("PackageReference");

    /// <summary>Names of referenced shared frameworks.</summary>
    public IEnumerable<string> Frameworks => Includes("FrameworkReference");

    /// <summary>Reads a project.</summary>
    public static ProjectFile Parse(string path, string text) => new(path, XElement.Parse(text));

    /// <summary>All elements of a name.</summary>
    public IEnumerable<XElement> Elements(string name) => Xml.Descendants().Where(element => element.Name.LocalName == name);

    /// <summary>Path of an item relative to the root.</summary>
    public string Resolve(string include)
    {
        var absolute = System.IO.Path.GetFullPath(System.IO.Path.Combine("/", Folder, include.Replace('\\', '/')));
        return System.IO.Path.GetRelativePath(System.IO.Path.GetFullPath("/"), absolute).Replace('\\', '/');
    }

    /// <summary>The values of <c>Include</c>, one item each.</summary>
    public IEnumerable<string> Includes(string name) => Elements(name)
        .SelectMany(element => (element.Attribute("Include")?.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
