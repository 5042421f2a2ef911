namespace Luminarys.Chaos.Transfers;

/// <summary>
/// What the sink asks of the kernel, in order: it says that a part is safe when the part, and then the note of it, are on the disk; and that it has the file when bytes,
/// new name and directory are: T-3.
/// </summary>
[Trait("Kind", "Integration")]
[Collection(SharedCopyCluster.Name)]
public sealed class FlushOrderTests(SharedCopyCluster shared)
{
    [Fact]
    public async Task Sink_OfACopy_FlushesBeforeItSpeaks()
    {
        var breaches = await TraceAsync("");

        Assert.Empty(breaches);
    }

    [Theory]
    [InlineData("DoneAfterCommit", "done")]
    [InlineData("MarkAfterFlush", "mark")]
    public async Task Sink_WithoutADefence_IsSeenToSpeakTooEarly(string off, string breach)
    {
        var breaches = await TraceAsync(off);

        Assert.Contains(breaches, seen => seen.StartsWith(breach, StringComparison.Ordinal));
    }

    private async Task<List<string>> TraceAsync(string off)
    {
        if (ChildProcess.Find(SystemCallTrace.Program) is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "strace is not installed: apt-get install strace");
            Assert.Fail("strace is not installed");
        }

        var cluster = await shared.GetAsync();
        var (name, trace) = ($"traced{off}.bin", Path.Combine(cluster.Folder, $"trace{off}"));
        await cluster.TraceSinkAsync(trace, off);
        var content = new byte[40 * 1024 * 1024];
        new Random(1).NextBytes(content);
        await File.WriteAllBytesAsync(cluster.PathOf(CopyCluster.Source, name), content, TestContext.Current.CancellationToken);
        await using var copy = cluster.BeginCopy(name);
        Assert.True(await copy.WaitForExitAsync(CopyCluster.Limit) == 0, copy.Output + cluster.Logs);
        await cluster[CopyCluster.Sink].KillAsync();
        var lines = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        return new FlushOrder(SystemCallTrace.Read(lines), cluster.PathOf(CopyCluster.Sink, name), cluster.RelayPort).FindBreaches();
    }
}
