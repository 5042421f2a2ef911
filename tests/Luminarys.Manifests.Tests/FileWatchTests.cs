using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Manifests.Tests;

public sealed class FileWatchTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a.yaml", false)]
    [InlineData("a.skill", false)]
    [InlineData("a.skill", true)]
    public async Task WaitForChangeAsync_ManifestOrPackageIsWrittenOrReplaced_Completes(string file, bool isReplaced)
    {
        using var directory = new TemporaryDirectory();
        var source = await ReadAsync(directory);
        var waiting = source.WaitForChangeAsync(Token).AsTask();
        Assert.False(waiting.IsCompleted);

        Change(directory, file, isReplaced);

        await UntilAsync(waiting, (FakeTimeProvider)source.Time);
    }

    [Fact]
    public async Task WaitForChangeAsync_ChangedBetweenReadingAndWaiting_CompletesToo()
    {
        using var directory = new TemporaryDirectory();
        var source = await ReadAsync(directory);
        Change(directory, "a.skill", isReplaced: false);

        var waiting = source.WaitForChangeAsync(Token).AsTask();

        // Not before the files have rested: whoever writes may not be done.
        Assert.False(waiting.IsCompleted);
        await UntilAsync(waiting, (FakeTimeProvider)source.Time);
    }

    [Fact]
    public async Task WaitForChangeAsync_WithoutNotices_LooksEveryFiveSeconds()
    {
        using var directory = new TemporaryDirectory();
        var time = new FakeTimeProvider();
        var source = new FileManifestSource(["later/a.yaml"], new ManifestReader(directory.FullPath, Fixtures.Variables)) { Time = time };
        Assert.True(Assert.Single(await source.ReadAsync(Token)).IsMissing);

        // The system gives no notices of a folder that is not there yet.
        var waiting = source.WaitForChangeAsync(Token).AsTask();
        Directory.CreateDirectory(Path.Combine(directory.FullPath, "later"));
        directory.Write("later/a.yaml", Good);

        await UntilAsync(waiting, time);
        Assert.NotNull(Assert.Single(await source.ReadAsync(Token)).Manifest);
    }

    [Fact]
    public async Task WaitForChangeAsync_WatchIsOff_WaitsForTheEndOnly()
    {
        using var directory = new TemporaryDirectory();
        var time = new FakeTimeProvider();
        var source = new FileManifestSource(["a.yaml"], new ManifestReader(directory.FullPath, Fixtures.Variables)) { Time = time, Watches = false };
        await source.ReadAsync(Token);
        using var end = new CancellationTokenSource();
        var waiting = source.WaitForChangeAsync(end.Token).AsTask();

        directory.Write("a.yaml", Good);
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(waiting.IsCompleted);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(s_patience, Token));
    }

    [Fact]
    public async Task Fingerprint_NamesManifestAndPackage()
    {
        using var directory = new TemporaryDirectory();
        var source = await ReadAsync(directory);
        var first = await FingerprintAsync();
        var again = await FingerprintAsync();
        directory.Write("a.skill", "another package");
        var package = await FingerprintAsync();
        directory.Write("a.yaml", Good + "description: other\n");
        var manifest = await FingerprintAsync();

        Assert.NotEmpty(first);
        Assert.Equal(first, again);
        Assert.Equal(3, new[] { first, package, manifest }.Distinct().Count());

        async Task<string> FingerprintAsync() => Assert.Single(await source.ReadAsync(Token)).Fingerprint;
    }

    private const string Good = "id: a\npath: a.skill\npermissions: {}\n";

    private static async Task<FileManifestSource> ReadAsync(TemporaryDirectory directory)
    {
        directory.Write("a.yaml", Good);
        directory.Write("a.skill", "package");
        var source = new FileManifestSource(["a.yaml"], new ManifestReader(directory.FullPath, Fixtures.Variables)) { Time = new FakeTimeProvider() };
        Assert.NotNull(Assert.Single(await source.ReadAsync(Token)).Manifest);
        return source;
    }

    // In place: another length. Replaced: the same length and time of change, as a careful copy leaves them.
    private static void Change(TemporaryDirectory directory, string file, bool isReplaced)
    {
        var path = Path.Combine(directory.FullPath, file);
        if (!isReplaced)
        {
            File.AppendAllText(path, "\n");
            return;
        }

        var text = File.ReadAllText(path);
        File.WriteAllText($"{path}.new", string.Concat(text.Reverse()));
        File.SetLastWriteTimeUtc($"{path}.new", File.GetLastWriteTimeUtc(path));
        File.Move($"{path}.new", path, overwrite: true);
    }

    private static async Task UntilAsync(Task waiting, FakeTimeProvider time)
    {
        for (var left = 2000; left > 0 && !waiting.IsCompleted; left--)
        {
            time.Advance(s_step);
            await Task.Delay(1, Token);
        }

        await waiting.WaitAsync(TimeSpan.Zero, Token);
    }
}
