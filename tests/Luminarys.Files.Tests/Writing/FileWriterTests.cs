using Luminarys.Ports;

namespace Luminarys.Files.Tests.Writing;

public sealed class FileWriterTests : IDisposable
{
    private readonly GrantedTree _tree = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Create_MissingParents_AreMade()
    {
        using var files = _tree.Grant("inside:rw");

        Assert.Null(GrantedTree.Put(files, $"{_tree.Inside}/x/y/z.txt", "new"));

        Assert.Equal("new", _tree.Read("inside/x/y/z.txt"));
        Assert.Equal((UnixFileMode)0x1A4, File.GetUnixFileMode(_tree.PathOf("inside/x/y/z.txt")) | (UnixFileMode)0x1A4);
    }

    [Fact]
    public void Create_FileThatIsThere_IsReplacedAtTheCommitAndKeepsItsMode()
    {
        var path = _tree.Write("inside/a.txt", "old and longer");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
        using var files = _tree.Grant("inside:rw");
        using var staged = files.Create(path, FileCreation.Replace).Value!;
        staged.Content.Write("new"u8);
        Assert.Equal("old and longer", _tree.Read("inside/a.txt"));

        Assert.Null(staged.Commit());

        Assert.Equal("new", _tree.Read("inside/a.txt"));
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Create_ContentClosedBeforeTheCommit_IsCommitted()
    {
        using var files = _tree.Grant("inside:rw");
        using var staged = files.Create($"{_tree.Inside}/a.txt", FileCreation.Replace).Value!;
        using (var writer = new StreamWriter(staged.Content))
        {
            writer.Write("content");
        }

        Assert.Null(staged.Commit());
        Assert.Equal("content", _tree.Read("inside/a.txt"));
    }

    [Theory]
    [InlineData(FileCreation.Replace)]
    [InlineData(FileCreation.CreateNew)]
    public void Create_WithoutACommit_LeavesNothing(FileCreation creation)
    {
        using var files = _tree.Grant("inside:rw");

        using (var staged = files.Create($"{_tree.Inside}/a.txt", creation).Value!)
        {
            staged.Content.Write("content"u8);
            Assert.Single(Directory.EnumerateFileSystemEntries(_tree.Inside));
            Assert.Empty(GrantedTree.NamesOf(files.List(_tree.Inside, Token)));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.Inside));
    }

    [Fact]
    public void CreateNew_FileThatAppearsMeanwhile_IsNotReplaced()
    {
        using var files = _tree.Grant("inside:rw");
        using var staged = files.Create($"{_tree.Inside}/a.txt", FileCreation.CreateNew).Value!;
        _tree.Write("inside/a.txt", "first");

        Assert.Equal(FileError.AlreadyExists, staged.Commit()?.Error);

        staged.Dispose();
        Assert.Equal("first", _tree.Read("inside/a.txt"));
        Assert.Single(Directory.EnumerateFileSystemEntries(_tree.Inside));
    }

    [Fact]
    public void CreateNew_ManyAtOnce_OneWins()
    {
        using var files = _tree.Grant("inside:rw");
        var faults = new FileFault?[16];

        Parallel.For(0, faults.Length, index => faults[index] = GrantedTree.Put(files, $"{_tree.Inside}/a.txt", $"{index}", FileCreation.CreateNew));

        Assert.Single(faults, fault => fault is null);
        Assert.All(faults, fault => Assert.True(fault is null or { Error: FileError.AlreadyExists }));
        Assert.Equal($"{Array.IndexOf(faults, null)}", _tree.Read("inside/a.txt"));
    }

    [Fact]
    public void Append_File_IsContinuedAndCreatedWhenMissing()
    {
        using var files = _tree.Grant("inside:rw");

        Assert.Null(GrantedTree.Put(files, $"{_tree.Inside}/x/a.txt", "one", FileCreation.Append));
        Assert.Null(GrantedTree.Put(files, $"{_tree.Inside}/x/a.txt", " two", FileCreation.Append));

        Assert.Equal("one two", _tree.Read("inside/x/a.txt"));
    }

    [Fact]
    public void Append_TwoAtOnce_LoseNothing()
    {
        using var files = _tree.Grant("inside:rw");
        using var one = files.Create($"{_tree.Inside}/a.txt", FileCreation.Append).Value!;
        using var two = files.Create($"{_tree.Inside}/a.txt", FileCreation.Append).Value!;

        for (var round = 0; round < 3; round++)
        {
            one.Content.Write("1"u8);
            two.Content.Write("2"u8);
        }

        Assert.Equal("121212", _tree.Read("inside/a.txt"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Create_FileWithSeveralNames_IsChangedOnlyWhenTheHostAllowsIt(bool allowed)
    {
        using var tree = new GrantedTree { Options = new() { IsDurable = false, AllowHardLinks = allowed } };
        Assert.Equal(0, TestLibc.HardLink($"{tree.Outside}/secret.txt", $"{tree.Inside}/a.txt"));
        using var files = tree.Grant("inside:rw");
        FileError? expected = allowed ? null : FileError.Denied;

        Assert.Equal(expected, GrantedTree.Put(files, $"{tree.Inside}/a.txt", "+", FileCreation.Append)?.Error);
        Assert.Equal(expected, files.SetMode($"{tree.Inside}/a.txt", (UnixFileMode)0x1FF, recursive: false, Token)?.Error);
        Assert.Equal(allowed ? $"{GrantedTree.Secret}+" : GrantedTree.Secret, tree.Read("outside/secret.txt"));

        Assert.Equal(expected, GrantedTree.Put(files, $"{tree.Inside}/a.txt", "new")?.Error);
        Assert.StartsWith(GrantedTree.Secret, tree.Read("outside/secret.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_DiskThatIsNearlyFull_IsNoSpace()
    {
        using var tree = new GrantedTree { Reserve = total => total };
        tree.Write("inside/a.txt", "");
        using var files = tree.Grant("inside:rw");

        foreach (var creation in Enum.GetValues<FileCreation>())
        {
            Assert.Equal(FileError.NoSpace, files.Create($"{tree.Inside}/new.txt", creation).Fault?.Error);
        }

        Assert.Equal(FileError.NoSpace, files.Create($"{tree.Inside}/a.txt", FileCreation.Append).Fault?.Error);
        Assert.Equal(FileError.NoSpace, files.CreateTree($"{tree.Inside}/t").Fault?.Error);
        Assert.Null(files.Delete($"{tree.Inside}/a.txt", Token));
    }

    [Theory]
    [InlineData(0, 256L << 20)]
    [InlineData(1L << 40, (1L << 40) / 100)]
    public void Reserve_IsTheLargerOfTwo(long total, long reserve) =>
        Assert.Equal(reserve, Files.Writing.WritePolicy.DefaultReserve(total));

    [Fact]
    public void Create_DurableWrite_IsWritten()
    {
        using var tree = new GrantedTree { Options = new() };
        using var files = tree.Grant("inside:rw");

        Assert.Null(GrantedTree.Put(files, $"{tree.Inside}/a.txt", "content"));
        Assert.Null(GrantedTree.Put(files, $"{tree.Inside}/a.txt", "+", FileCreation.Append));
        Assert.Equal("content+", tree.Read("inside/a.txt"));
    }

    [Fact]
    public void Create_DanglingLinkInside_IsReplacedItself()
    {
        _tree.Link("inside/link", "none");
        using var files = _tree.Grant("inside:rw");

        Assert.Null(GrantedTree.Put(files, $"{_tree.Inside}/link", "content"));

        Assert.Equal("content", _tree.Read("inside/link"));
        Assert.False(File.Exists(_tree.PathOf("inside/none")));
    }
}
