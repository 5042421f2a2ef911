using Luminarys.Ports;

namespace Luminarys.Files.Tests.Walking;

public sealed class DirectoryWalkTests : IDisposable
{
    private readonly GrantedTree _tree = new() { Limits = new(Depth: 3, Entries: 8) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Walk_Tree_GoesBySegmentsAndADirectoryBeforeItsContent()
    {
        _tree.Write("inside/a/1.txt", "one");
        _tree.Write("inside/a.txt", "");
        _tree.Write("inside/a/b/2.txt", "");
        _tree.Link("inside/link", "a");
        using var files = _tree.Grant("inside:ro");

        var walk = files.Walk(_tree.Inside, new WalkOptions(), Token).Value!.ToList();

        Assert.Equal(["a", "a/1.txt", "a/b", "a/b/2.txt", "a.txt", "link"], walk.Select(entry => entry.RelativePath));
        Assert.Equal((3, false), (walk[1].Entry.Length, walk[1].Entry.IsDirectory));
        Assert.Equal((true, false), (walk[5].Entry.IsLink, walk[5].Entry.IsDirectory));
    }

    [Fact]
    public void Walk_Options_SayHowDeepAndWhere()
    {
        _tree.Write("inside/a/b/c.txt", "");
        _tree.Write("inside/skip/x.txt", "");
        using var files = _tree.Grant("inside:ro");

        Assert.Equal(["a", "skip"], PathsOf(files, new(MaxDepth: 1)));
        Assert.Equal(["a", "a/b", "skip", "skip/x.txt"], PathsOf(files, new(MaxDepth: 2)));
        Assert.Equal(["a", "a/b", "a/b/c.txt", "skip"], PathsOf(files, new(Enters: path => path != "skip")));
    }

    [Fact]
    public void Open_OfAnEntry_ReadsFilesOnlyAndOnlyInItsTurn()
    {
        _tree.Write("inside/a.txt", "content");
        _tree.Make("inside/b");
        _tree.Link("inside/c", "a.txt");
        using var files = _tree.Grant("inside:ro");
        FileError?[] errors = new FileError?[3];
        WalkedEntry? kept = null;
        foreach (var (index, entry) in files.Walk(_tree.Inside, new WalkOptions(), Token).Value!.Index())
        {
            kept ??= entry;
            using var opened = entry.Open().Value;
            errors[index] = entry.Open().Fault?.Error;
        }

        Assert.Equal([null, FileError.IsDirectory, FileError.Denied], errors);
        Assert.Equal(FileError.Io, kept!.Open().Fault?.Error);
    }

    [Fact]
    public void Walk_MoreNamesThanTheLimit_EndsAndTells()
    {
        for (var index = 0; index < 9; index++)
        {
            _tree.Write($"inside/{index}", "");
        }

        using var files = _tree.Grant("inside:ro");
        var faults = new List<FileFault>();

        Assert.Equal(8, PathsOf(files, new(OnLimit: faults.Add)).Count);
        Assert.Equal(FileError.Limit, Assert.Single(faults).Error);
        Assert.Equal(FileError.Limit, files.List(_tree.Inside, Token).Fault?.Error);
    }

    [Fact]
    public void Walk_DeeperThanTheLimit_LeavesOutAndTellsOnce()
    {
        _tree.Write("inside/a/b/c/d.txt", "");
        _tree.Make("inside/a/b/e");
        using var files = _tree.Grant("inside:ro");
        var faults = new List<FileFault>();

        Assert.Equal(["a", "a/b", "a/b/c", "a/b/e"], PathsOf(files, new(OnLimit: faults.Add)));
        Assert.Single(faults);
        faults.Clear();
        Assert.Equal(["a", "a/b"], PathsOf(files, new(MaxDepth: 2, OnLimit: faults.Add)));
        Assert.Empty(faults);
    }

    [Fact]
    public void Walk_CancelledMeanwhile_Throws()
    {
        _tree.Write("inside/a", "");
        _tree.Write("inside/b", "");
        using var files = _tree.Grant("inside:ro");
        using var cancellation = new CancellationTokenSource();
        var walk = files.Walk(_tree.Inside, new WalkOptions(), cancellation.Token).Value!;
        using var steps = walk.GetEnumerator();
        Assert.True(steps.MoveNext());

        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => steps.MoveNext());
    }

    private List<string> PathsOf(IGrantedFiles files, WalkOptions options) =>
        [.. files.Walk(_tree.Inside, options, Token).Value!.Select(entry => entry.RelativePath)];
}
