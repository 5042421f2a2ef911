using System.Text;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.Tests;

public sealed class GrantedFilesTests : IDisposable
{
    private const UnixFileMode Usual = (UnixFileMode)0x1A4;
    private readonly GrantedTree _tree = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task OpenRead_GrantedFile_GivesAStreamThatSeeksAndReadsEitherWay()
    {
        _tree.Write("inside/a/b.txt", "content");
        using var files = _tree.Grant("inside:ro");

        await using var stream = files.OpenRead($"{_tree.Inside}/a//./b.txt/").Value!;

        Assert.Equal(7, stream.Length);
        stream.Position = 3;
        Assert.Equal((int)'t', stream.ReadByte());
        var rest = new byte[8];
        Assert.Equal(3, await stream.ReadAsync(rest, Token));
        Assert.Equal("ent", Encoding.UTF8.GetString(rest, 0, 3));
    }

    [Theory]
    [InlineData(FileCreation.Replace, 0x180, true)]
    [InlineData(FileCreation.CreateNew, 0x100, false)]
    [InlineData(FileCreation.Replace, 0x1FF, true)]
    public void Create_WithAMode_IsNeverMoreOpenThanThat(FileCreation creation, int bits, bool isThere)
    {
        var mode = (UnixFileMode)bits;
        _tree.Make("inside/d");
        if (isThere)
        {
            File.SetUnixFileMode(_tree.Write("inside/d/f", "old"), (UnixFileMode)0x1B6);
        }

        using var files = _tree.Grant("inside:rw");
        using (var file = files.Create($"{_tree.Inside}/d/f", creation, mode).Value!)
        {
            file.Content.WriteByte(1);
            var staged = Assert.Single(Directory.GetFiles(_tree.PathOf("inside/d"), ".lm-staging*"));
            Assert.Equal(default, File.GetUnixFileMode(staged) & ~mode);
            Assert.Null(file.Commit());
        }

        Assert.Equal(mode, File.GetUnixFileMode(_tree.PathOf("inside/d/f")));
    }

    [Fact]
    public void FindRoots_GrantsOfAnyKind_AreTheirDirectoriesOnce()
    {
        foreach (var directory in new[] { "inside/b/c", "inside/a/x", "inside/a-b", "inside/w/1/src/in", "inside/w/2/src", "inside/w/3/other" })
        {
            _tree.Make(directory);
        }

        _tree.Link("inside/w/link", _tree.PathOf("inside/w/1"));
        _tree.Write("inside/w/2/file/src", "");
        using var files = _tree.Grant(
            "inside/b/c/**:ro", "inside/a-b:ro", "inside/a/x:ro", "inside/a:rw", "inside/a:ro", "inside/missing:ro", "inside/w/*/src:ro", "inside/w/1/src/in:rw");

        Assert.Equal(
            ["a", "a-b", "b/c", "missing", "w/1/src", "w/2/src"],
            files.FindRoots(Token).Select(root => Path.GetRelativePath(_tree.Inside, root)));
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("")]
    [InlineData("/a/../b")]
    [InlineData("/a\0b")]
    [InlineData("/a/.lm-staging")]
    [InlineData("/a/.lm-staging-1/b")]
    public void AnyAct_TextThatIsNoPath_IsRefused(string path)
    {
        using var files = _tree.Grant("/:rw");

        Assert.Equal(FileError.InvalidPath, files.OpenRead(path).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, files.Create(path, FileCreation.Replace).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, files.CreateTree(path).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, files.OpenDirectory(path, AccessMode.ReadOnly).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, files.Stat(path).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, files.List(path, Token).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, files.Walk(path, new WalkOptions(), Token).Fault?.Error);
        Assert.Equal(FileError.InvalidPath, files.CreateDirectory(path)?.Error);
        Assert.Equal(FileError.InvalidPath, files.Delete(path, Token)?.Error);
        Assert.Equal(FileError.InvalidPath, files.SetMode(path, 0, false, Token)?.Error);
        Assert.Equal(FileError.InvalidPath, files.GetDiskSpace(path).Fault?.Error);
    }

    [Fact]
    public void AnyAct_WrongKindOfFile_IsNamed()
    {
        _tree.Write("inside/file", "");
        _tree.Make("inside/directory");
        using var files = _tree.Grant("inside:rw");

        Assert.Equal(FileError.IsDirectory, files.OpenRead($"{_tree.Inside}/directory").Fault?.Error);
        Assert.Equal(FileError.IsDirectory, files.Create($"{_tree.Inside}/directory", FileCreation.Replace).Fault?.Error);
        Assert.Equal(FileError.IsDirectory, files.Create($"{_tree.Inside}/directory", FileCreation.Append).Fault?.Error);
        Assert.Equal(FileError.IsDirectory, files.Create(_tree.Inside, FileCreation.Replace).Fault?.Error);
        Assert.Equal(FileError.AlreadyExists, files.Create($"{_tree.Inside}/directory", FileCreation.CreateNew).Fault?.Error);
        Assert.Equal(FileError.NotDirectory, files.List($"{_tree.Inside}/file", Token).Fault?.Error);
        Assert.Equal(FileError.NotDirectory, files.Walk($"{_tree.Inside}/file", new WalkOptions(), Token).Fault?.Error);
        Assert.Equal(FileError.NotDirectory, files.OpenRead($"{_tree.Inside}/file/below").Fault?.Error);
        Assert.Equal(FileError.NotDirectory, files.Create($"{_tree.Inside}/file/below", FileCreation.Replace).Fault?.Error);
        Assert.Equal(FileError.NotDirectory, files.CreateDirectory($"{_tree.Inside}/file")?.Error);
        Assert.Equal(FileError.NotDirectory, files.CreateTree($"{_tree.Inside}/file").Fault?.Error);
        Assert.Equal(FileError.NotDirectory, files.OpenDirectory($"{_tree.Inside}/file", AccessMode.ReadOnly).Fault?.Error);
    }

    [Fact]
    public void AnyAct_MissingFile_IsNotFound()
    {
        using var files = _tree.Grant("inside:rw");
        var path = $"{_tree.Inside}/none";

        Assert.Equal(FileError.NotFound, files.OpenRead(path).Fault?.Error);
        Assert.Equal(FileError.NotFound, files.Stat(path).Fault?.Error);
        Assert.Equal(FileError.NotFound, files.List(path, Token).Fault?.Error);
        Assert.Equal(FileError.NotFound, files.Delete(path, Token)?.Error);
        Assert.Equal(FileError.NotFound, files.SetMode(path, 0, false, Token)?.Error);
    }

    [Fact]
    public void AnyAct_ReadOnlyGrant_RefusesChangesAndNamesTheLine()
    {
        _tree.Write("inside/a.txt", "");
        using var files = _tree.Grant("inside:ro");

        var fault = files.Create($"{_tree.Inside}/a.txt", FileCreation.Replace).Fault!;

        Assert.Equal(FileError.Denied, fault.Error);
        Assert.Equal($"permissions.fs.dirs: {_tree.Inside}:ro", fault.Verdict?.Rule);
        Assert.Equal($"permissions.fs.dirs: {_tree.Inside}/a.txt:rw", fault.Verdict?.Remedy);
        Assert.Equal(FileError.Denied, files.CreateDirectory($"{_tree.Inside}/a")?.Error);
        Assert.Equal(FileError.Denied, files.Delete($"{_tree.Inside}/a.txt", Token)?.Error);
        Assert.Equal(FileError.Denied, files.SetMode($"{_tree.Inside}/a.txt", 0, false, Token)?.Error);
        Assert.Equal(FileError.Denied, files.CreateTree(_tree.Inside).Fault?.Error);
    }

    [Fact]
    public void AnyAct_GrantOfALink_WorksByBothNames()
    {
        _tree.Write("real/a.txt", "content");
        _tree.Link("name", "real");
        using var files = _tree.Grant("name:rw");

        Assert.Empty(_tree.Warnings);
        Assert.Equal("content", GrantedTree.TextOf(files.OpenRead(_tree.PathOf("name/a.txt"))));
        Assert.Equal("content", GrantedTree.TextOf(files.OpenRead(_tree.PathOf("real/a.txt"))));
        Assert.Null(GrantedTree.Put(files, _tree.PathOf("name/b/new.txt"), "x"));
        Assert.Equal(FileError.Denied, files.Delete(_tree.PathOf("name"), Token)?.Error);
        Assert.Equal(FileError.Denied, files.Delete(_tree.PathOf("real"), Token)?.Error);
    }

    [Fact]
    public void AnyAct_GrantOfAPatternBelowALink_WorksByBothNames()
    {
        _tree.Write("real/x/src/a.txt", "content");
        _tree.Link("name", "real");
        using var files = _tree.Grant("name/*/src:rw");

        Assert.Equal("content", GrantedTree.TextOf(files.OpenRead(_tree.PathOf("name/x/src/a.txt"))));
        Assert.Equal("content", GrantedTree.TextOf(files.OpenRead(_tree.PathOf("real/x/src/a.txt"))));
    }

    [Fact]
    public void AnyAct_GrantOfOneFile_OpensItAndNothingBesideIt()
    {
        var path = _tree.Write("inside/a.txt", "content");
        _tree.Write("inside/b.txt", "other");
        using var files = _tree.Grant("inside/a.txt:rw");

        Assert.Null(GrantedTree.Put(files, path, "written"));
        Assert.Equal("written", GrantedTree.TextOf(files.OpenRead(path)));
        Assert.Equal(FileError.Denied, files.OpenRead($"{_tree.Inside}/b.txt").Fault?.Error);
        Assert.Equal(FileError.Denied, files.List(_tree.Inside, Token).Fault?.Error);
    }

    [Fact]
    public void Grant_MissingDirectory_WarnsAndWorksWhenItIsThere()
    {
        using var files = _tree.Grant("later/deep:rw");
        Assert.Contains("does not exist", Assert.Single(_tree.Warnings), StringComparison.Ordinal);
        Assert.Equal(FileError.NotFound, files.CreateDirectory(_tree.PathOf("later/deep"))?.Error);

        _tree.Write("later/deep/a.txt", "content");

        Assert.Equal("content", GrantedTree.TextOf(files.OpenRead(_tree.PathOf("later/deep/a.txt"))));
        Assert.Null(GrantedTree.Put(files, _tree.PathOf("later/deep/b.txt"), "x"));
    }

    [Fact]
    public void Grant_PatternThatIsNone_WarnsAndGrantsNothing()
    {
        using var files = _tree.Grant("inside/[a:rw");

        Assert.Contains("grants nothing", Assert.Single(_tree.Warnings), StringComparison.Ordinal);
        Assert.Equal(FileError.Denied, files.Stat(_tree.Inside).Fault?.Error);
    }

    [Fact]
    public void DefaultDirectory_IsTheFirstGrantWithoutAPattern()
    {
        using var files = _tree.Grant("*:ro", "inside:ro", "outside:ro");
        using var none = _tree.Grant("*:ro");

        Assert.Equal(_tree.Inside, files.DefaultDirectory);
        Assert.Null(none.DefaultDirectory);
        Assert.Equal(3, files.Grants.Length);
    }

    [Fact]
    public void OpenDirectory_GrantedDirectory_GivesItsHandle()
    {
        using var files = _tree.Grant("inside:ro");

        using var handle = files.OpenDirectory(_tree.Inside, AccessMode.ReadOnly).Value!;

        Assert.Equal(Native.Errno.None, Native.Handles.RealPath(handle, out var path));
        Assert.Equal(_tree.Inside, path);
        Assert.Equal(FileError.Denied, files.OpenDirectory(_tree.Inside, AccessMode.ReadWrite).Fault?.Error);
    }

    [Fact]
    public void Stat_File_TellsLengthModeAndTime()
    {
        var path = _tree.Write("inside/a.txt", "content");
        File.SetUnixFileMode(path, Usual);
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        File.SetLastWriteTimeUtc(path, time.UtcDateTime);
        using var files = _tree.Grant("inside:ro");

        Assert.Equal(new FileEntry("a.txt", false, false, 7, time, Usual), files.Stat(path).Value);
        Assert.True(files.Stat(_tree.Inside).Value!.IsDirectory);
        Assert.Equal(0, files.Stat(_tree.Inside).Value!.Length);
    }

    [Fact]
    public void GetDiskSpace_GrantedDirectory_IsThatOfItsFileSystem()
    {
        using var files = _tree.Grant("inside:ro");
        var drive = new DriveInfo(_tree.Inside);

        var space = files.GetDiskSpace(_tree.Inside).Value;

        Assert.Equal(drive.TotalSize, space.Total);
        Assert.InRange(space.Available, 1, space.Free);
    }

    [Fact]
    public void List_Directory_IsInByteOrderWithHiddenNamesButWithoutTheHostsOwn()
    {
        foreach (var name in (string[])["b", "B", ".hidden", "a.txt", "ä", ".lm-staging-0", "a"])
        {
            _tree.Write($"inside/{name}", "");
        }

        using var files = _tree.Grant("inside:ro");

        Assert.Equal([".hidden", "B", "a", "a.txt", "b", "ä"], GrantedTree.NamesOf(files.List(_tree.Inside, Token)));
        Assert.Equal(
            [".hidden", "B", "a", "a.txt", "b", "ä"], files.Walk(_tree.Inside, new WalkOptions(), Token).Value!.Select(entry => entry.RelativePath));
    }

    [Fact]
    public void List_CancelledCall_IsCancelled()
    {
        _tree.Write("inside/a", "");
        using var files = _tree.Grant("inside:ro");

        Assert.Equal(FileError.Cancelled, files.List(_tree.Inside, new CancellationToken(canceled: true)).Fault?.Error);
    }

    [Fact]
    public void CreateDirectory_MissingParents_AreMadeAndThereIsASuccess()
    {
        using var files = _tree.Grant("inside:rw");

        Assert.Null(files.CreateDirectory($"{_tree.Inside}/a/b/c"));
        Assert.Null(files.CreateDirectory($"{_tree.Inside}/a/b/c"));
        Assert.Null(files.CreateDirectory(_tree.Inside));

        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(_tree.PathOf("inside/a/b/c")) | (UnixFileMode)0x1ED);
    }

    [Fact]
    public void CreateDirectory_MoreThanSixtyFourMissing_IsALimit()
    {
        using var files = _tree.Grant("inside:rw");

        Assert.Equal(FileError.Limit, files.CreateDirectory(_tree.Inside + string.Concat(Enumerable.Repeat("/a", 65)))?.Error);
        Assert.Null(files.CreateDirectory(_tree.Inside + string.Concat(Enumerable.Repeat("/b", 64))));
    }

    [Fact]
    public void SetMode_Bits_AreSetWithoutTheSpecialOnes()
    {
        var path = _tree.Write("inside/a.txt", "");
        using var files = _tree.Grant("inside:rw");

        Assert.Null(files.SetMode(path, (UnixFileMode)0xFFF, recursive: false, Token));

        Assert.Equal((UnixFileMode)0x1FF, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData(0x1C0)]
    [InlineData(0x124)]
    public void SetMode_Recursive_ReachesEverythingButLinkTargets(int mode)
    {
        _tree.Write("inside/a/b/c.txt", "");
        _tree.Link("inside/a/link", "../x.txt");
        File.SetUnixFileMode(_tree.Write("inside/x.txt", ""), Usual);
        using var files = _tree.Grant("inside:rw");

        Assert.Null(files.SetMode($"{_tree.Inside}/a", (UnixFileMode)mode, recursive: true, Token));

        foreach (var path in (string[])["inside/a", "inside/a/b", "inside/a/b/c.txt"])
        {
            Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(_tree.PathOf(path)));
        }

        Assert.Equal(Usual, File.GetUnixFileMode(_tree.PathOf("inside/x.txt")));
    }

    [Fact]
    public void AnyAct_HandlesAreClosedAfterwards()
    {
        _tree.Write("inside/a/b/c.txt", "");
        _tree.Link("inside/out", "../outside");
        using var files = _tree.Grant("inside:rw", "inside/a/*:ro");
        var before = OpenHandles();

        for (var round = 0; round < 20; round++)
        {
            foreach (var path in (string[])["", "/a", "/a/b/c.txt", "/none", "/out/x", "/a/b/c.txt/x", "/../x"])
            {
                var full = _tree.Inside + path;
                files.OpenRead(full).Value?.Dispose();
                files.Create(full, FileCreation.Append).Value?.Dispose();
                files.Create(full, FileCreation.Replace).Value?.Dispose();
                files.Create(full, FileCreation.CreateNew).Value?.Dispose();
                files.CreateTree(full).Value?.Dispose();
                files.OpenDirectory(full, AccessMode.ReadOnly).Value?.Dispose();
                _ = files.Stat(full);
                _ = files.List(full, Token);
                _ = files.Walk(full, new WalkOptions(), Token).Value?.FirstOrDefault();
                _ = files.Walk(full, new WalkOptions(), Token).Value?.Count();
                _ = files.CreateDirectory(full);
                _ = files.SetMode(full, (UnixFileMode)0x1FF, recursive: true, Token);
                _ = files.GetDiskSpace(full);
                _ = files.Delete(full, Token);
            }

            _tree.Write("inside/a/b/c.txt", "");
        }

        Assert.Equal(before, OpenHandles());
    }

    // Those that belong to this tree: other tests run at the same time.
    private int OpenHandles() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(path => new FileInfo(path).LinkTarget?.StartsWith(_tree.Root, StringComparison.Ordinal) == true);
}
