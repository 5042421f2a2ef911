using System.Text;

namespace Luminarys.Chaos.Transfers;

/// <summary>What is shipped cannot be told to die: of the crash points nothing is compiled.</summary>
public sealed class CrashPointsTests
{
    private static readonly string[] s_libraries = ["Luminarys.Cluster", "Luminarys.Files", "Luminarys.Transport.Tcp"];

    public static TheoryData<string> Libraries => [.. s_libraries];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void ShippedLibrary_HasNoneOfThem(string library)
    {
        Assert.Empty(TracesIn(Path.Combine(AppContext.BaseDirectory, library + ".dll")));
        Assert.Empty(TracesIn(Path.Combine(AppContext.BaseDirectory, library + ".xml")));
    }

    [Fact]
    public void ShippedProgram_HasNoneOfThem() =>
        Assert.Empty(Directory.EnumerateFiles(AppContext.BaseDirectory, "*uminarys*.dll").Where(file => !file.Contains("Chaos.Tests", StringComparison.Ordinal)).SelectMany(TracesIn));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void LibraryOfTheTests_HasThem(string library) =>
        Assert.Equal(CrashPoints.All.Sum(part => part.Value.Length) + 1, TracesIn(Path.Combine(Path.GetDirectoryName(CopyCluster.Program)!, library + ".dll")).Count);

    private static List<string> TracesIn(string file)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        var found = new List<string>();
        foreach (var text in CrashPoints.All.Values.SelectMany(points => points).Append(CrashPoints.Variable))
        {
            if (bytes.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.IndexOf(Encoding.Unicode.GetBytes(text)) >= 0)
            {
                found.Add($"{Path.GetFileName(file)}: {text}");
            }
        }

        return found;
    }
}
