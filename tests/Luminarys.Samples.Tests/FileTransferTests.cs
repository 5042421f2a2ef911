using Luminarys.Cluster;

namespace Luminarys.Samples;

public sealed class FileTransferTests
{
    private static string Granted(string data) => $$"""
        permissions:
          fs: { enabled: true, dirs: ['{{data}}:rw'] }
          file_transfer: { enabled: true, allowed_nodes: ["*"], local_dirs: ['{{data}}:rw'] }
        """;

    private static void InCluster(MasterOptions options)
    {
        options.IsStandalone = false;
        options.NodeId = "alpha";
    }

    [Fact]
    public async Task Copy_PlainPaths_CopiesHereWithoutACluster()
    {
        await using var host = await SampleHost.StartAsync("file-transfer", Granted);
        var source = host.Write("a.txt", "x");

        Assert.Equal($"copied {source} to {host.PathOf("b.txt")}", await host.ResultAsync("copy", new { source, dest = host.PathOf("b.txt") }));
        Assert.Equal($"copied {source} to {host.PathOf("in/a.txt")}", await host.ResultAsync("copy", new { source, dest = host.PathOf("in/") }));

        Assert.Equal("xx", host.Read("b.txt") + host.Read("in/a.txt"));
        await host.FailsAsync("not found", "copy", new { source = host.PathOf("none"), dest = source });
    }

    [Fact]
    public async Task Copy_OwnNodeByName_CopiesHere()
    {
        await using var host = await SampleHost.StartAsync("file-transfer", Granted, InCluster);
        var source = host.Write("a.txt", "x");

        Assert.Equal(
            $"copied {source} to {host.PathOf("b.txt")}",
            await host.ResultAsync("copy", new { source = $"alpha://{source}", dest = $"alpha://{host.PathOf("b.txt")}" }));

        Assert.Equal("x", host.Read("b.txt"));
    }

    [Fact]
    public async Task Copy_OtherNode_TellsTheHostsReason()
    {
        await using var host = await SampleHost.StartAsync("file-transfer", Granted, InCluster);
        var source = host.Write("a.txt", "x");

        await host.FailsAsync("no live node 'beta'", "copy", new { source, dest = "beta:///data/a.txt" });
        await host.FailsAsync("no live node 'beta'", "copy", new { source = "beta:///data/a.txt", dest = source });
        await host.FailsAsync("must be on this node, alpha", "copy", new { source = "beta:///a", dest = "gamma:///a" });
        Assert.Equal("x", host.Read("a.txt"));
    }

    [Theory]
    [InlineData("a.txt", "not an absolute path: a.txt")]
    [InlineData("beta://data/a.txt", "three slashes follow the node: beta:///data/file")]
    [InlineData(":///data/a.txt", "no node before ://")]
    [InlineData("", "not an absolute path")]
    public async Task Copy_UnclearPath_SaysWhatIsWrong(string dest, string expected)
    {
        await using var host = await SampleHost.StartAsync("file-transfer", Granted);

        await host.FailsAsync(expected, "copy", new { source = host.Write("a.txt", "x"), dest });
    }

    [Fact]
    public async Task List_OwnDirectory_ShowsSizes()
    {
        await using var host = await SampleHost.StartAsync("file-transfer", Granted, InCluster);
        host.Write("a.txt", "hello");
        Directory.CreateDirectory(host.PathOf("sub"));

        Assert.Equal("5\ta.txt\n0\tsub/", await host.ResultAsync("list", new { path = host.Data }));
        Assert.Equal("5\ta.txt\n0\tsub/", await host.ResultAsync("list", new { path = $"alpha://{host.Data}" }));
        Assert.Equal("(empty)", await host.ResultAsync("list", new { path = host.PathOf("sub") }));
        await host.FailsAsync("only directories of this node, alpha", "list", new { path = "beta:///data" });
        await host.FailsAsync("not found", "list", new { path = host.PathOf("none") });
    }

    [Fact]
    public async Task Nodes_OfAMaster_ShowsItself()
    {
        await using var host = await SampleHost.StartAsync("file-transfer", Granted, InCluster);

        Assert.Equal("alpha (master, this node): sample", await host.ResultAsync("nodes"));
    }

    [Fact]
    public async Task NodesAndNodePaths_WithoutACluster_Fail()
    {
        await using var host = await SampleHost.StartAsync("file-transfer", Granted);
        var source = host.Write("a.txt", "x");

        await host.FailsAsync("cluster mode is not enabled", "nodes");
        await host.FailsAsync("cluster mode is not enabled", "copy", new { source, dest = "beta:///a" });
        await host.FailsAsync("cluster mode is not enabled", "list", new { path = "beta:///a" });
    }

    [Fact]
    public async Task Methods_WithoutGrant_AreDenied()
    {
        await using var host = await SampleHost.StartAsync("file-transfer", configure: InCluster);
        var source = host.Write("a.txt", "x");

        await host.FailsAsync("permission denied", "copy", new { source, dest = host.PathOf("b.txt") });
        await host.FailsAsync("permission denied", "copy", new { source, dest = "beta:///data/b.txt" });
        await host.FailsAsync("permission denied", "copy", new { source = "beta:///data/b.txt", dest = source });
        await host.FailsAsync("permission denied", "list", new { path = host.Data });
        Assert.False(File.Exists(host.PathOf("b.txt")));
    }
}
