namespace Luminarys.E2E;

/// <summary>T-10: a receiver whose disk is full, or becomes so, keeps the file that it has.</summary>
[Trait("Kind", "Integration")]
public sealed class FullDiskTests
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task T10_TargetThatDoesNotFit_IsRefusedBeforeAnyByteAndTheOldFileStays()
    {
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        await using var disk = await SmallDisk.MountAsync(nodes.DataOf("slave-2"), 320);
        await using var client = await nodes.StartAsync();
        var old = nodes.Fill("slave-2", "target", Megabyte);
        nodes.Fill("slave-1", "target", 100 * Megabyte);

        var (code, output) = await nodes.RunAsync("cp", nodes.Remote("slave-1", "target"), nodes.Remote("slave-2", "target"), "-config", nodes.Configure("master"));

        Assert.NotEqual(0, code);
        Assert.Contains("NoSpace", output, StringComparison.Ordinal);
        Assert.DoesNotContain("relay paired", cluster.Logs, StringComparison.Ordinal);
        await IsUntouchedAsync(nodes, old, "target");
    }

    [Fact]
    public async Task T10_DiskThatFillsUpHalfWay_EndsTheTransferAndTheOldFileStays()
    {
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        await using var disk = await SmallDisk.MountAsync(nodes.DataOf("slave-2"), 512);
        await using var client = await nodes.StartAsync();
        var old = nodes.Fill("slave-2", "target", Megabyte);
        nodes.Fill("slave-1", "target", 200 * Megabyte);
        var sink = cluster.ProcessOf("slave-2");

        var copy = cluster.StartTool("cp", nodes.Remote("slave-1", "target"), nodes.Remote("slave-2", "target"), "-config", nodes.Configure("master"));
        var staging = Path.Combine(nodes.DataOf("slave-2"), ".lm-staging");
        await Eventually.HoldsAsync("some of it is stored", TestCluster.Patience, () =>
            Task.FromResult(copy.HasExited || (Directory.Exists(staging) && Directory.EnumerateFiles(staging, "*.note").Any())), () => cluster.Logs);
        sink.Pause();
        Assert.False(copy.HasExited, copy.Output);
        disk.Fill();
        sink.Resume();

        Assert.NotEqual(0, await copy.WaitForExitAsync(2 * TestCluster.Patience));
        Assert.Contains("NoSpace", copy.Output, StringComparison.Ordinal);
        await IsUntouchedAsync(nodes, old, "filler", "target");
    }

    private static async Task IsUntouchedAsync(TransferNodes nodes, byte[] old, params string[] names)
    {
        Assert.Equal(old, await File.ReadAllBytesAsync(nodes.PathOf("slave-2", "target"), TestContext.Current.CancellationToken));
        await Eventually.HoldsAsync("nothing else is left", TimeSpan.FromSeconds(5), () => Task.FromResult(
            Directory.EnumerateFiles(nodes.DataOf("slave-2"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal).SequenceEqual(names)),
            () => string.Join('\n', Directory.EnumerateFiles(nodes.DataOf("slave-2"), "*", SearchOption.AllDirectories)));
    }
}
