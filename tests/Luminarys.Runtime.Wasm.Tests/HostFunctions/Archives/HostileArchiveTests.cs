namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

public sealed class HostileArchiveTests
{
    private const UnixFileMode Special = UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit;

    public static TheoryData<string> Names => [.. HostileArchives.All.Select(archive => archive.Name)];

    [Fact]
    public void S7_Archives_AreManyAndNamedOnce()
    {
        Assert.True(HostileArchives.All.Count >= 60, $"{HostileArchives.All.Count}");
        Assert.Equal(HostileArchives.All.Count, HostileArchives.All.Select(archive => archive.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void S7_HostileArchive_IsRefusedOrHarmless(string name)
    {
        var hostile = HostileArchives.All.Single(archive => archive.Name == name);
        using var harness = new ArchiveHarness();
        Directory.CreateSymbolicLink(harness.PathOf("data/dest/planted"), "../../outside");
        harness.Write("in/a", hostile.Make());
        var before = harness.Snapshot();

        var answer = harness.Unpack(format: name[..3] == "zip" ? "zip" : "tar.gz");

        if (hostile.Refusal is { } refusal)
        {
            Assert.Contains(refusal, (string)answer["error"], StringComparison.Ordinal);
            Assert.Equal(before, harness.Snapshot());
            return;
        }

        Assert.Equal(hostile.Files.Count(file => !file.EndsWith('/')), Convert.ToInt32(answer["files_count"]));
        Assert.Equal(hostile.Files.Order(StringComparer.Ordinal), NewNames(harness, before).Order(StringComparer.Ordinal));
        Assert.All(hostile.Files, file => Assert.Equal((UnixFileMode)0, new FileInfo(harness.PathOf($"data/dest/{file}")).UnixFileMode & Special));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void S7_HostileArchive_Listed_WritesNothing(string name)
    {
        using var harness = new ArchiveHarness();
        harness.Write("in/a", HostileArchives.All.Single(archive => archive.Name == name).Make());
        var before = harness.Snapshot();

        var answer = harness.List(format: name[..3] == "zip" ? "zip" : "tar.gz");

        Assert.True(answer.ContainsKey("error") ? answer["error"] is string : answer["entries"] is object[]);
        Assert.Equal(before, harness.Snapshot());
    }

    private static IEnumerable<string> NewNames(ArchiveHarness harness, string[] before) =>
        harness.Snapshot().Except(before).Select(line => line.Split(' ')[0]).Select(line => line["data/dest/".Length..]);
}
