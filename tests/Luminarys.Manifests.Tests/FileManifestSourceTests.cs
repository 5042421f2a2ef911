namespace Luminarys.Manifests.Tests;

public sealed class FileManifestSourceTests
{
    [Fact]
    public async Task ReadAsync_BrokenAndMissingFiles_DoNotHideTheOthers()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("first.yaml", Good("first"));
        directory.Write("broken.yaml", "id: [");
        directory.Write("last.yaml", Good("last"));

        var results = await Read(directory, "first.yaml", "broken.yaml", "missing.yaml", "last.yaml");

        Assert.Equal(["first", null, null, "last"], results.Select(result => result.Manifest?.Id.Value));
        Assert.Contains("does not exist", Assert.Single(results[2].Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_SameIdTwice_RefusesTheSecondAndNamesBothFiles()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("a.yaml", Good("echo"));
        directory.Write("b.yaml", Good("echo"));

        var results = await Read(directory, "a.yaml", "b.yaml");

        Assert.NotNull(results[0].Manifest);
        Assert.Null(results[1].Manifest);
        var problem = Assert.Single(results[1].Problems);
        Assert.Equal(("b.yaml", "id", ConfigurationSeverity.Error), (problem.File, problem.Key, problem.Severity));
        Assert.Contains("a.yaml", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_SecondCall_SeesChangedFiles()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("a.yaml", Good("before"));
        var source = new FileManifestSource(["a.yaml"], new ManifestReader(directory.FullPath, Fixtures.Variables));

        await source.ReadAsync(TestContext.Current.CancellationToken);
        directory.Write("a.yaml", Good("after"));
        var results = await source.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal("after", Assert.Single(results).Manifest!.Id.Value);
    }

    private static string Good(string id) => $"id: {id}\npath: a.skill\npermissions: {{}}\n";

    private static async Task<IReadOnlyList<ManifestResult>> Read(TemporaryDirectory directory, params string[] files) =>
        await new FileManifestSource(files, new ManifestReader(directory.FullPath, Fixtures.Variables))
            .ReadAsync(TestContext.Current.CancellationToken);
}
