using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.Tests;

/// <summary>What no path gets out of or into, once with the kernel following paths and once segment by segment.</summary>
public abstract class SandboxTests(bool usesKernel) : IDisposable
{
    private protected GrantedTree Tree { get; } = new() { UsesKernel = usesKernel };

    private protected bool UsesKernel { get; } = usesKernel;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Tree.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("outside/secret.txt")]
    [InlineData("outside/none.txt")]
    [InlineData("none/at/all")]
    public void S1_UngrantedPath_IsDeniedWhetherItExistsOrNot(string relative)
    {
        using var files = Tree.Grant("inside:rw");

        AssertDeniedByAll(files, Tree.PathOf(relative));
    }

    [Theory]
    [InlineData("absolute")]
    [InlineData("relative")]
    [InlineData("directory/secret.txt")]
    [InlineData("directory/none.txt")]
    [InlineData("up/outside/secret.txt")]
    public void S1_LinkOutOfTheGrant_IsDenied(string relative)
    {
        Tree.Link("inside/absolute", $"{Tree.Outside}/secret.txt");
        Tree.Link("inside/relative", "../outside/secret.txt");
        Tree.Link("inside/directory", "../outside");
        Tree.Link("inside/up", "..");
        using var files = Tree.Grant("inside:rw");

        AssertDeniedByReading(files, $"{Tree.Inside}/{relative}");
        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{Tree.Inside}/{relative}", "x")?.Error);
        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{Tree.Inside}/{relative}", "x", FileCreation.Append)?.Error);
        Assert.Equal(FileError.Denied, files.SetMode($"{Tree.Inside}/{relative}", (UnixFileMode)0x1FF, false, Token)?.Error);
        Assert.Equal(GrantedTree.Secret, Tree.Read("outside/secret.txt"));
    }

    [Fact]
    public void S1_NewNameBehindALinkOut_IsNotMade()
    {
        Tree.Link("inside/directory", "../outside");
        using var files = Tree.Grant("inside:rw");

        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{Tree.Inside}/directory/new.txt", "x", FileCreation.CreateNew)?.Error);
        Assert.Equal(FileError.Denied, files.CreateDirectory($"{Tree.Inside}/directory/new")?.Error);
        Assert.Equal(FileError.Denied, files.CreateTree($"{Tree.Inside}/directory/new").Fault?.Error);
        Assert.Equal(FileError.Denied, files.Delete($"{Tree.Inside}/directory/secret.txt", Token)?.Error);
        Assert.Equal(["secret.txt"], Directory.EnumerateFileSystemEntries(Tree.Outside).Select(Path.GetFileName));
    }

    [Fact]
    public void S1_DanglingLinkOut_IsNotCreatedThrough()
    {
        Tree.Link("inside/link", "../outside/new.txt");
        using var files = Tree.Grant("inside:rw");

        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{Tree.Inside}/link", "x", FileCreation.Append)?.Error);
        Assert.Equal(FileError.AlreadyExists, GrantedTree.Put(files, $"{Tree.Inside}/link", "x", FileCreation.CreateNew)?.Error);
        Assert.False(File.Exists(Tree.PathOf("outside/new.txt")));
    }

    [Fact]
    public void S1_AbsoluteLinkInside_IsDenied()
    {
        Tree.Write("inside/a.txt", "content");
        Tree.Link("inside/link", $"{Tree.Inside}/a.txt");
        using var files = Tree.Grant("inside:ro");

        Assert.Equal(FileError.Denied, files.OpenRead($"{Tree.Inside}/link").Fault?.Error);
    }

    [Fact]
    public void S1_MagicLink_IsDenied()
    {
        using var files = Tree.Grant("/proc/self:ro", "/:ro");

        Assert.Equal(FileError.Denied, files.Stat("/proc/self/root/etc").Fault?.Error);
        Assert.Equal(FileError.Denied, files.Stat("/proc/self/cwd").Fault?.Error);
        Assert.Equal(FileError.Denied, files.Stat("/proc/self/fd/0").Fault?.Error);
    }

    [Theory]
    [InlineData("/proc/self/status")]
    [InlineData("/proc/version")]
    [InlineData("/sys/kernel")]
    [InlineData("/dev")]
    public void S1_TreeOfTheKernel_IsClosedToAGrantOfEverything(string path)
    {
        using var files = Tree.Grant("/:ro");

        Assert.Equal(FileError.Denied, files.Stat(path).Fault?.Error);
    }

    [Fact]
    public void S1_TreeOfTheKernel_IsOpenToAGrantThatNamesIt()
    {
        using var files = Tree.Grant("/:ro", "/proc/sys/kernel:ro");

        Assert.NotEmpty(GrantedTree.TextOf(files.OpenRead("/proc/sys/kernel/ostype")));
        Assert.Equal(FileError.Denied, files.OpenRead("/proc/version").Fault?.Error);
    }

    [Fact]
    public void S1_Queue_IsDeniedAndDoesNotHang()
    {
        Assert.Equal(0, TestLibc.MakeQueue($"{Tree.Inside}/queue"));
        using var files = Tree.Grant("inside:rw");

        AssertDeniedByReading(files, $"{Tree.Inside}/queue");
        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{Tree.Inside}/queue", "x")?.Error);
        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{Tree.Inside}/queue", "x", FileCreation.Append)?.Error);
        Assert.Null(files.Delete($"{Tree.Inside}/queue", Token));
    }

    [Fact]
    public void S1_Device_IsDenied()
    {
        using var files = Tree.Grant("/dev:rw");

        Assert.Equal(FileError.Denied, files.OpenRead("/dev/zero").Fault?.Error);
        Assert.Equal(FileError.Denied, GrantedTree.Put(files, "/dev/null", "x")?.Error);
    }

    [Fact]
    public void S1_PatternGrant_FollowsNoLinkUpToItsDirectory()
    {
        Tree.Write("inside/a/src/a.txt", "a");
        Tree.Write("inside/b/secret/b.txt", "b");
        Tree.Link("inside/a/link", "../b/secret");
        Tree.Make("inside/c");
        Tree.Link("inside/c/src", "../b/secret");
        Tree.Link("inside/d", "b");
        Tree.Link("inside/b/src", "secret");
        using var files = Tree.Grant("inside/*/src:rw");

        Assert.Equal("a", GrantedTree.TextOf(files.OpenRead($"{Tree.Inside}/a/src/a.txt")));
        Assert.Equal(FileError.Denied, files.OpenRead($"{Tree.Inside}/c/src/b.txt").Fault?.Error);
        Assert.Equal(FileError.Denied, files.OpenRead($"{Tree.Inside}/d/src/b.txt").Fault?.Error);
        Assert.Equal(FileError.Denied, files.OpenRead($"{Tree.Inside}/a/link/b.txt").Fault?.Error);
        Assert.Equal(FileError.NotFound, files.OpenRead($"{Tree.Inside}/none/src/b.txt").Fault?.Error);
        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{Tree.Inside}/c/src/new.txt", "x")?.Error);
        Assert.Equal(FileError.NotFound, GrantedTree.Put(files, $"{Tree.Inside}/none/src/new.txt", "x")?.Error);
        Assert.Null(GrantedTree.Put(files, $"{Tree.Inside}/a/src/x/new.txt", "x"));
    }

    [Fact]
    public void PatternGrant_NewDirectoryThatItNames_IsMade()
    {
        using var files = Tree.Grant("inside/*:rw");

        Assert.Null(files.CreateDirectory($"{Tree.Inside}/one"));
        Assert.Null(GrantedTree.Put(files, $"{Tree.Inside}/two/a.txt", "x"));
        Assert.Null(GrantedTree.Put(files, $"{Tree.Inside}/three.txt", "x"));
        Assert.Equal("x", GrantedTree.TextOf(files.OpenRead($"{Tree.Inside}/three.txt")));
        Assert.Equal(FileError.Denied, files.List(Tree.Inside, Token).Fault?.Error);
        Assert.Equal(FileError.Denied, files.Delete($"{Tree.Inside}/one", Token)?.Error);
        Assert.Null(files.Delete($"{Tree.Inside}/three.txt", Token));
    }

    [Fact]
    public void S2_ReadOnlyInsideReadWrite_StaysReadOnlyByEveryPath()
    {
        Tree.Write("inside/keep/a.txt", "kept");
        Tree.Link("inside/link", "keep");
        Tree.Link("inside/file", "keep/a.txt");
        Tree.Link("inside/self", ".");
        using var files = Tree.Grant("inside:rw", "inside/keep:ro");

        foreach (var path in (string[])["keep/a.txt", "link/a.txt", "file", "self/keep/a.txt", "self/link/a.txt"])
        {
            var full = $"{Tree.Inside}/{path}";
            Assert.Equal(FileError.Denied, GrantedTree.Put(files, full, "x")?.Error);
            Assert.Equal(FileError.Denied, GrantedTree.Put(files, full, "x", FileCreation.Append)?.Error);
            Assert.Equal(FileError.Denied, files.SetMode(full, (UnixFileMode)0x1FF, false, Token)?.Error);
        }

        foreach (var path in (string[])["keep", "link", "self/keep"])
        {
            var full = $"{Tree.Inside}/{path}";
            Assert.Equal(FileError.Denied, files.CreateDirectory($"{full}/new")?.Error);
            Assert.Equal(FileError.Denied, files.CreateTree(full).Fault?.Error);
            Assert.Equal(FileError.Denied, files.Delete($"{full}/a.txt", Token)?.Error);
            Assert.Equal(FileError.Denied, files.SetMode(full, (UnixFileMode)0x1FF, true, Token)?.Error);
            Assert.Equal(FileError.Denied, files.OpenDirectory(full, AccessMode.ReadWrite).Fault?.Error);
        }

        Assert.Equal("kept", GrantedTree.TextOf(files.OpenRead($"{Tree.Inside}/keep/a.txt")));
        Assert.Equal("kept", Tree.Read("inside/keep/a.txt"));
    }

    [Theory]
    [InlineData("inside/a/keep:ro")]
    [InlineData("inside/*/keep:ro")]
    [InlineData("inside/**/keep:ro")]
    public void S2_DirectoryThatHoldsAReadOnlyGrant_Stays(string nested)
    {
        Tree.Write("inside/a/keep/a.txt", "kept");
        Tree.Write("inside/b/x.txt", "x");
        using var files = Tree.Grant("inside:rw", nested);

        Assert.Equal(FileError.Denied, files.Delete($"{Tree.Inside}/a", Token)?.Error);
        Assert.Equal(FileError.Denied, files.SetMode($"{Tree.Inside}/a", (UnixFileMode)0x1C0, true, Token)?.Error);
        Assert.Null(files.Delete($"{Tree.Inside}/b", Token));
        Assert.Equal("kept", Tree.Read("inside/a/keep/a.txt"));
    }

    [Theory]
    [InlineData("inside/out/keep:ro")]
    [InlineData("inside/out/*/:ro")]
    public void S2_TreeThatWouldReplaceSomethingReadOnly_IsRefusedBeforeAnythingMoves(string nested)
    {
        Tree.Write("inside/out/keep/a.txt", "kept");
        using var files = Tree.Grant("inside:rw", nested);
        using var tree = files.CreateTree($"{Tree.Inside}/out").Value!;
        tree.CreateFile("a.txt", (UnixFileMode)0x1A4).Value!.Dispose();
        tree.CreateFile("keep/a.txt", (UnixFileMode)0x1A4).Value!.Dispose();

        Assert.Equal(FileError.Denied, tree.Commit(Token)?.Error);
        tree.Dispose();

        Assert.Equal("kept", Tree.Read("inside/out/keep/a.txt"));
        Assert.Equal(["keep"], Directory.EnumerateFileSystemEntries(Tree.PathOf("inside/out")).Select(Path.GetFileName));
    }

    [Fact]
    public void S2_ReadWriteInsideReadOnly_IsWritable()
    {
        Tree.Make("inside/out");
        using var files = Tree.Grant("inside:ro", "inside/out:rw");

        Assert.Null(GrantedTree.Put(files, $"{Tree.Inside}/out/a.txt", "x"));
        Assert.Equal(FileError.Denied, GrantedTree.Put(files, $"{Tree.Inside}/a.txt", "x")?.Error);
    }

    [Fact]
    public void S1_TreeBelowALinkInTheDestination_IsRefused()
    {
        Tree.Make("inside/out");
        Tree.Link("inside/out/a", Tree.Outside);
        using var files = Tree.Grant("inside:rw");
        using var tree = files.CreateTree($"{Tree.Inside}/out").Value!;
        tree.CreateFile("a/new.txt", (UnixFileMode)0x1A4).Value!.Dispose();

        Assert.Equal(FileError.Denied, tree.Commit(Token)?.Error);
        Assert.False(File.Exists(Tree.PathOf("outside/new.txt")));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("/etc/passwd")]
    [InlineData("a\0b")]
    [InlineData(".lm-staging-x")]
    public void S1_NameInATreeThatIsNoName_IsRefused(string name)
    {
        using var files = Tree.Grant("inside:rw");
        using var tree = files.CreateTree($"{Tree.Inside}/out").Value!;

        Assert.Equal(FileError.InvalidPath, tree.CreateFile(name, (UnixFileMode)0x1A4).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, tree.CreateDirectory(name)?.Error);
    }

    [Fact]
    public void S1_GrantedLinkInsideAReadWriteGrant_LeadsNoFurtherThanThatGrant()
    {
        Tree.Link("inside/planted", Tree.Outside);
        using var files = Tree.Grant("inside:rw", "inside/planted:ro");

        Assert.Contains("leads out", Assert.Single(Tree.Warnings), StringComparison.Ordinal);
        Assert.Equal(FileError.Denied, files.OpenRead($"{Tree.Inside}/planted/secret.txt").Fault?.Error);
        Assert.Equal(FileError.Denied, files.OpenRead($"{Tree.Outside}/secret.txt").Fault?.Error);
    }

    [Fact]
    public void S1_MissingGrantThatBecomesALink_IsDenied()
    {
        using var files = Tree.Grant("later:ro");
        Assert.Equal(FileError.NotFound, files.List(Tree.PathOf("later"), Token).Fault?.Error);

        Tree.Link("later", Tree.Outside);

        Assert.Equal(FileError.Denied, files.List(Tree.PathOf("later"), Token).Fault?.Error);
    }

    private protected static void AssertDenied(FileFault? fault)
    {
        Assert.Equal(FileError.Denied, fault?.Error);
        Assert.NotNull(fault?.Verdict);
    }

    private static void AssertDeniedByReading(IGrantedFiles files, string path)
    {
        AssertDenied(files.OpenRead(path).Fault);
        AssertDenied(files.Stat(path).Fault);
        AssertDenied(files.List(path, Token).Fault);
        AssertDenied(files.Walk(path, new WalkOptions(), Token).Fault);
        AssertDenied(files.OpenDirectory(path, AccessMode.ReadOnly).Fault);
        AssertDenied(files.GetDiskSpace(path).Fault);
    }

    private static void AssertDeniedByAll(IGrantedFiles files, string path)
    {
        AssertDeniedByReading(files, path);
        foreach (var creation in Enum.GetValues<FileCreation>())
        {
            AssertDenied(files.Create(path, creation).Fault);
        }

        AssertDenied(files.CreateTree(path).Fault);
        AssertDenied(files.CreateDirectory(path));
        AssertDenied(files.Delete(path, Token));
        AssertDenied(files.SetMode(path, 0, false, Token));
    }
}
