using Luminarys.Ports;

namespace Luminarys.Files.Tests.Writing;

public sealed class StagedTreeTests : IDisposable
{
    private const UnixFileMode Usual = (UnixFileMode)0x1A4;
    private readonly GrantedTree _tree = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Commit_JoinsWhatIsThere()
    {
        _tree.Write("inside/out/a/old.txt", "old");
        _tree.Write("inside/out/a/both.txt", "old");
        _tree.Link("inside/out/a/link", "../../x");
        using var files = _tree.Grant("inside:rw");
        using var tree = files.CreateTree($"{_tree.Inside}/out").Value!;
        Put(tree, "a/both.txt");
        Put(tree, "a/b/new.txt", (UnixFileMode)0x1ED);
        Put(tree, "a/link");
        Assert.Null(tree.CreateDirectory("a/empty/deep"));
        Assert.Null(tree.CreateDirectory("a/empty"));

        Assert.Null(tree.Commit(Token));
        Assert.Null(tree.Commit(Token));
        tree.Dispose();
        tree.Dispose();

        Assert.Equal("old", _tree.Read("inside/out/a/old.txt"));
        Assert.Equal("new", _tree.Read("inside/out/a/both.txt"));
        Assert.Equal("new", _tree.Read("inside/out/a/b/new.txt"));
        Assert.Equal("new", _tree.Read("inside/out/a/link"));
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(_tree.PathOf("inside/out/a/b/new.txt")));
        Assert.True(Directory.Exists(_tree.PathOf("inside/out/a/empty/deep")));
        Assert.Equal(["a"], Directory.EnumerateFileSystemEntries(_tree.PathOf("inside/out")).Select(Path.GetFileName));
        Assert.False(Path.Exists(_tree.PathOf("inside/x")));
    }

    [Fact]
    public void Dispose_WithoutACommit_LeavesNothing()
    {
        using var files = _tree.Grant("inside:rw");
        using (var tree = files.CreateTree($"{_tree.Inside}/out").Value!)
        {
            Put(tree, "a/b/c.txt");
            Assert.Empty(GrantedTree.NamesOf(files.List($"{_tree.Inside}/out", Token)));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.PathOf("inside/out")));
    }

    [Fact]
    public void CreateFile_NameThatIsTaken_IsRefused()
    {
        using var files = _tree.Grant("inside:rw");
        using var tree = files.CreateTree($"{_tree.Inside}/out").Value!;
        Put(tree, "a");
        Assert.Null(tree.CreateDirectory("b"));

        Assert.Equal(FileError.AlreadyExists, tree.CreateFile("a", Usual).Fault?.Error);
        Assert.Equal(FileError.AlreadyExists, tree.CreateFile("b", Usual).Fault?.Error);
        Assert.Equal(FileError.NotDirectory, tree.CreateFile("a/c", Usual).Fault?.Error);
        Assert.Equal(FileError.NotDirectory, tree.CreateDirectory("a")?.Error);
        Assert.Equal(FileError.IsDirectory, tree.CreateFile("", Usual).Fault?.Error);
    }

    [Fact]
    public void CreateFile_TooDeep_IsALimit()
    {
        using var files = _tree.Grant("inside:rw");
        using var tree = files.CreateTree($"{_tree.Inside}/out").Value!;

        Assert.Equal(FileError.Limit, tree.CreateFile(string.Concat(Enumerable.Repeat("a/", 64)) + "b", Usual).Fault?.Error);
        Put(tree, string.Concat(Enumerable.Repeat("a/", 63)) + "b");
    }

    [Theory]
    [InlineData("file/below", FileError.NotDirectory)]
    [InlineData("directory", FileError.IsDirectory)]
    public void Commit_OtherKindInTheWay_IsNamed(string name, FileError error)
    {
        _tree.Write("inside/out/file", "");
        _tree.Make("inside/out/directory");
        using var files = _tree.Grant("inside:rw");
        using var tree = files.CreateTree($"{_tree.Inside}/out").Value!;
        Put(tree, name);

        Assert.Equal(error, tree.Commit(Token)?.Error);
    }

    [Fact]
    public void Commit_CancelledCall_IsCancelled()
    {
        using var files = _tree.Grant("inside:rw");
        using var tree = files.CreateTree($"{_tree.Inside}/out").Value!;
        Put(tree, "a");

        Assert.Equal(FileError.Cancelled, tree.Commit(new CancellationToken(canceled: true))?.Error);
    }

    private static void Put(IStagedTree tree, string name, UnixFileMode mode = Usual)
    {
        var made = tree.CreateFile(name, mode);
        Assert.Null(made.Fault);
        using var content = made.Value!;
        content.Write("new"u8);
    }
}
