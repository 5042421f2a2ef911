using Luminarys.Ports;

namespace Luminarys.Files.Tests.Writing;

public sealed class DeletionTests : IDisposable
{
    private readonly GrantedTree _tree = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Delete_Directory_TakesItsContentAndNoLinkTarget()
    {
        _tree.Write("inside/gone/a/b.txt", "");
        _tree.Write("inside/gone/.lm-staging-0/x", "");
        _tree.Link("inside/gone/link", _tree.Outside);
        using var files = _tree.Grant("inside:rw");

        Assert.Null(files.Delete($"{_tree.Inside}/gone", Token));

        Assert.False(Directory.Exists(_tree.PathOf("inside/gone")));
        Assert.Equal(GrantedTree.Secret, _tree.Read("outside/secret.txt"));
    }

    [Fact]
    public void Delete_Link_TakesTheLinkAndNotItsTarget()
    {
        _tree.Write("inside/a/b.txt", "");
        _tree.Link("inside/in", "a");
        _tree.Link("inside/out", "../outside");
        using var files = _tree.Grant("inside:rw");

        Assert.Null(files.Delete($"{_tree.Inside}/in", Token));
        Assert.Null(files.Delete($"{_tree.Inside}/out", Token));

        Assert.Equal(["a"], Directory.EnumerateFileSystemEntries(_tree.Inside).Select(Path.GetFileName));
        Assert.True(File.Exists(_tree.PathOf("inside/a/b.txt")));
        Assert.True(File.Exists(_tree.PathOf("outside/secret.txt")));
    }

    [Fact]
    public void Delete_NameThatIsNoText_IsRemovedWithItsDirectory()
    {
        _tree.Make("inside/a");
        Assert.Equal(0, TestLibc.MakeFile([.. System.Text.Encoding.UTF8.GetBytes($"{_tree.Inside}/a/"), 0xFF, 0xFE, 0]));
        using var files = _tree.Grant("inside:rw");

        Assert.Equal("\ufffd\ufffd", Assert.Single(files.List($"{_tree.Inside}/a", Token).Value).Name);
        Assert.Null(files.Delete($"{_tree.Inside}/a", Token));
    }

    [Fact]
    public void Delete_GrantedDirectory_Stays()
    {
        using var files = _tree.Grant("inside:rw");

        Assert.Equal(FileError.Denied, files.Delete(_tree.Inside, Token)?.Error);
        Assert.True(Directory.Exists(_tree.Inside));
    }

    [Fact]
    public void Delete_MoreThanTheLimit_IsALimit()
    {
        using var tree = new GrantedTree { Limits = new(Depth: 3, Entries: 5) };
        tree.Make("inside/deep/a/b/c");
        for (var index = 0; index < 6; index++)
        {
            tree.Write($"inside/many/{index}", "");
        }

        using var files = tree.Grant("inside:rw");

        Assert.Equal(FileError.Limit, files.Delete($"{tree.Inside}/deep", Token)?.Error);
        Assert.Equal(FileError.Limit, files.Delete($"{tree.Inside}/many", Token)?.Error);
        Assert.Null(files.Delete($"{tree.Inside}/deep/a", Token));
    }

    [Fact]
    public void Delete_CancelledCall_IsCancelled()
    {
        _tree.Write("inside/a/b.txt", "");
        using var files = _tree.Grant("inside:rw");

        Assert.Equal(FileError.Cancelled, files.Delete($"{_tree.Inside}/a", new CancellationToken(canceled: true))?.Error);
        Assert.True(File.Exists(_tree.PathOf("inside/a/b.txt")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S1_Delete_MountedFileSystem_StaysUnlessTheWallIsDown(bool wall)
    {
        using var tree = new GrantedTree { Defences = FileDefences.All with { MountBorders = wall } };
        var mount = tree.Make("inside/a/mounted");
        Assert.SkipUnless(TestLibc.MountMemory(mount), "Mounting a file system needs the administrator.");
        try
        {
            tree.Write("inside/a/mounted/keep.txt", "kept");
            using var files = tree.Grant("inside:rw");

            Assert.NotNull(files.Delete($"{tree.Inside}/a", Token));

            Assert.Equal(wall, File.Exists($"{mount}/keep.txt"));
        }
        finally
        {
            Assert.True(TestLibc.Unmount(mount));
        }
    }
}
