using System.Text;
using Luminarys.Permissions;
using Luminarys.Ports;
using NSubstitute;
using static Luminarys.Runtime.Wasm.Tests.HostFunctions.Files.FileStage;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Files;

public sealed class FileFunctionsTests
{
    public static TheoryData<string> AllFunctions =>
    [
        "fs_read", "fs_write", "fs_create", "fs_delete", "fs_mkdir", "fs_ls", "fs_chmod", "fs_read_lines", "fs_grep", "fs_glob", "fs_allowed_dirs",
        "fs_copy", "disk_usage",
    ];

    [Theory]
    [MemberData(nameof(AllFunctions))]
    public async Task AnyFunction_WithoutGrants_IsDeniedAndLogged(string function)
    {
        await using var stage = new FileStage(_ => []);

        Assert.Equal("permission denied", stage.Fail(function, ("path", stage.Root), ("pattern", "x"), ("patterns", Texts("*")), ("source", stage.Root)));

        var line = Assert.Single(stage.Log.Of(3030));
        Assert.StartsWith($"Denied {function} of {stage.Root} to skill guest", line, StringComparison.Ordinal);
        Assert.Contains("permissions.fs: { enabled: true, dirs: [\"" + stage.Root, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fs_read", "ro")]
    [InlineData("fs_read_lines", "ro")]
    [InlineData("fs_ls", "ro")]
    [InlineData("fs_grep", "ro")]
    [InlineData("fs_glob", "ro")]
    [InlineData("disk_usage", "ro")]
    [InlineData("fs_write", "rw")]
    [InlineData("fs_create", "rw")]
    [InlineData("fs_delete", "rw")]
    [InlineData("fs_mkdir", "rw")]
    [InlineData("fs_chmod", "rw")]
    public async Task AnyFunction_OfAnUngrantedPath_SaysTwoWordsAndLogsTheManifestLine(string function, string mode)
    {
        await using var stage = new FileStage(root => [new($"{root}/in", AccessMode.ReadWrite)]);
        stage.With("in/a").With("out/a");

        string[] answers =
        [
            stage.Fail(function, ("path", stage.PathOf("out/a")), ("pattern", "x"), ("patterns", Texts("*"))),
            stage.Fail(function, ("path", stage.PathOf("out/none")), ("pattern", "x"), ("patterns", Texts("*"))),
        ];

        Assert.Equal(["permission denied", "permission denied"], answers);
        Assert.Contains($"permissions.fs.dirs: {stage.PathOf("out/a")}:{mode}", stage.Log.Of(3030)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fs_write")]
    [InlineData("fs_create")]
    [InlineData("fs_delete")]
    [InlineData("fs_mkdir")]
    [InlineData("fs_chmod")]
    public async Task AnyChange_OfAReadOnlyPath_IsDenied(string function)
    {
        await using var stage = new FileStage(root => [new(root, AccessMode.ReadOnly)]);
        stage.With("a", "1");

        Assert.Equal("permission denied", stage.Fail(function, ("path", stage.PathOf("a"))));
        Assert.Equal("1", await File.ReadAllTextAsync(stage.PathOf("a"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("fs_read", "")]
    [InlineData("fs_read", "a.txt")]
    [InlineData("fs_ls", ".")]
    [InlineData("fs_write", "/tmp/../etc/x")]
    [InlineData("fs_mkdir", "x/{a,b}")]
    [InlineData("fs_delete", "/tmp/\0")]
    public async Task AnyFunction_PathThatIsNone_IsAnErrorValue(string function, string path)
    {
        await using var stage = new FileStage();

        Assert.StartsWith("invalid argument: path: ", stage.Fail(function, ("path", path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_File_AnswersItsBytes()
    {
        await using var stage = new FileStage();
        byte[] content = [0, 0xff, 10, 13];
        stage.With("a", content);

        Assert.Equal(content, stage.Do("fs_read", ("path", stage.PathOf("a")))["content"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65535)]
    [InlineData(65536)]
    public async Task Read_FileOfAnySize_IsBin(int length)
    {
        await using var stage = new FileStage();
        stage.With("a", new byte[length]);

        Assert.Equal(length, Assert.IsType<byte[]>(stage.Do("fs_read", ("path", stage.PathOf("a")))["content"]).Length);
    }

    [Fact]
    public async Task Read_UnfitPath_IsAnError()
    {
        await using var stage = new FileStage();

        Assert.Equal($"not found: {stage.PathOf("none")}", stage.Fail("fs_read", ("path", stage.PathOf("none"))));
        Assert.Equal($"is a directory: {stage.Root}", stage.Fail("fs_read", ("path", stage.Root)));
    }

    [Fact]
    public async Task Read_FileLargerThanTheGuestTakes_IsRefused()
    {
        await using var stage = new FileStage(maxAnswerBytes: 1000);
        stage.With("a", new byte[986]).With("b", new byte[987]);

        stage.Do("fs_read", ("path", stage.PathOf("a")));
        Assert.Equal("too large: the file has 987 bytes, 986 are allowed", stage.Fail("fs_read", ("path", stage.PathOf("b"))));
    }

    [Fact]
    public async Task Write_NewFile_MakesItsParents()
    {
        await using var stage = new FileStage();

        Assert.Empty(stage.Do("fs_write", ("path", stage.PathOf("x/y/a")), ("content", "text"u8.ToArray())));

        Assert.Equal("text", await File.ReadAllTextAsync(stage.PathOf("x/y/a"), TestContext.Current.CancellationToken));
        Assert.Equal((UnixFileMode)0x1A4, stage.ModeOf("x/y/a"));
        Assert.Equal((UnixFileMode)0x1ED, stage.ModeOf("x/y"));
    }

    [Fact]
    public async Task Write_ExistingFile_ReplacesItAndKeepsItsMode()
    {
        await using var stage = new FileStage();
        stage.With("a", "a longer text");
        stage.SetMode("a", (UnixFileMode)0x180);

        stage.Do("fs_write", ("path", stage.PathOf("a")), ("content", "text as str"));

        Assert.Equal("text as str", await File.ReadAllTextAsync(stage.PathOf("a"), TestContext.Current.CancellationToken));
        Assert.Equal((UnixFileMode)0x180, stage.ModeOf("a"));
        Assert.Equal(["a"], Directory.EnumerateFileSystemEntries(stage.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Write_WithoutContent_WritesAnEmptyFile()
    {
        await using var stage = new FileStage();
        stage.With("a", "text");

        stage.Do("fs_write", ("path", stage.PathOf("a")));
        stage.Do("fs_write", ("path", stage.PathOf("b")), ("content", null));

        Assert.Equal(0, new FileInfo(stage.PathOf("a")).Length);
        Assert.Equal(0, new FileInfo(stage.PathOf("b")).Length);
    }

    [Fact]
    public async Task Write_Directory_IsAnError()
    {
        await using var stage = new FileStage();
        stage.WithDirectory("d");

        Assert.Equal($"is a directory: {stage.PathOf("d")}", stage.Fail("fs_write", ("path", stage.PathOf("d"))));
    }

    [Fact]
    public async Task Create_ExistingPath_IsAnErrorAndChangesNothing()
    {
        await using var stage = new FileStage();
        stage.With("a", "old").WithDirectory("d");

        Assert.Equal($"already exists: {stage.PathOf("a")}", stage.Fail("fs_create", ("path", stage.PathOf("a")), ("content", "new"u8.ToArray())));
        Assert.StartsWith("already exists: ", stage.Fail("fs_create", ("path", stage.PathOf("d"))), StringComparison.Ordinal);
        stage.Do("fs_create", ("path", stage.PathOf("n/b")), ("content", "new"u8.ToArray()));

        Assert.Equal("old", await File.ReadAllTextAsync(stage.PathOf("a"), TestContext.Current.CancellationToken));
        Assert.Equal("new", await File.ReadAllTextAsync(stage.PathOf("n/b"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Delete_Directory_RemovesEverythingInIt()
    {
        await using var stage = new FileStage();
        stage.With("d/e/a").With("keep");
        File.CreateSymbolicLink(stage.PathOf("d/link"), stage.PathOf("keep"));

        stage.Do("fs_delete", ("path", stage.PathOf("d")));

        Assert.Equal(["keep"], Directory.EnumerateFileSystemEntries(stage.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Delete_UnfitPath_IsAnError()
    {
        await using var stage = new FileStage(root => [new(root, AccessMode.ReadWrite), new($"{root}/d/ro", AccessMode.ReadOnly)]);
        stage.With("d/ro/a");

        Assert.Equal($"not found: {stage.PathOf("none")}", stage.Fail("fs_delete", ("path", stage.PathOf("none"))));
        Assert.Equal("permission denied", stage.Fail("fs_delete", ("path", stage.Root)));
        Assert.Equal("permission denied", stage.Fail("fs_delete", ("path", stage.PathOf("d"))));
        Assert.True(File.Exists(stage.PathOf("d/ro/a")));
    }

    [Fact]
    public async Task MakeDirectory_Braces_MakeEachDirectoryAndKeepWhatIsThere()
    {
        await using var stage = new FileStage();
        stage.With("logs/a");

        stage.Do("fs_mkdir", ("path", stage.PathOf("{logs,cache}/{x,y}")));
        stage.Do("fs_mkdir", ("path", stage.PathOf("{logs,cache}/{x,y}")));

        Assert.Equal(
            ["cache", "cache/x", "cache/y", "logs", "logs/x", "logs/y"],
            Directory.GetDirectories(stage.Root, "*", SearchOption.AllDirectories).Select(path => path[(stage.Root.Length + 1)..]).Order());
    }

    [Fact]
    public async Task MakeDirectory_OnePathOfManyIsDenied_MakesNone()
    {
        await using var stage = new FileStage(root => [new($"{root}/rw", AccessMode.ReadWrite), new($"{root}/ro", AccessMode.ReadOnly)]);
        stage.WithDirectory("rw").WithDirectory("ro");

        Assert.Equal("permission denied", stage.Fail("fs_mkdir", ("path", stage.PathOf("{rw,ro}/d"))));

        Assert.False(Directory.Exists(stage.PathOf("rw/d")));
        Assert.Contains($"{stage.PathOf("ro/d")}:rw", Assert.Single(stage.Log.Of(3030)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MakeDirectory_ExistingFile_IsAnError()
    {
        await using var stage = new FileStage();
        stage.With("a");

        Assert.NotEmpty(stage.Fail("fs_mkdir", ("path", stage.PathOf("a"))));
    }

    [Fact]
    public async Task List_Directory_AnswersSortedEntriesWithHiddenOnes()
    {
        await using var stage = new FileStage();
        stage.With("b", "12345").With("a").With(".hidden").With("B").WithDirectory("d").With("é");

        var entries = FileStage.Items(stage.Do("fs_ls", ("path", stage.Root), ("long", false))["entries"]);

        Assert.Equal([".hidden", "B", "a", "b", "d", "é"], entries.Select(entry => (string)entry["name"]));
        Assert.All(entries, entry => Assert.Equal(3, entry.Count));
        Assert.Equal(5, Convert.ToInt64(entries[3]["size"], null));
        Assert.Equal((true, 0L), ((bool)entries[4]["is_dir"], Convert.ToInt64(entries[4]["size"], null)));
    }

    [Fact]
    public async Task List_Long_TellsTimeInSecondsAndMode()
    {
        await using var stage = new FileStage();
        stage.With("a").WithDirectory("d");
        File.SetLastWriteTimeUtc(stage.PathOf("a"), DateTime.UnixEpoch.AddSeconds(1770000000.9));
        stage.SetMode("d", (UnixFileMode)0x1E8);

        var entries = FileStage.Items(stage.Do("fs_ls", ("path", stage.Root), ("long", true))["entries"]);

        Assert.Equal(1770000000L, Convert.ToInt64(entries[0]["mod_time"], null));
        Assert.Equal((420, "-rw-r--r--"), (Convert.ToInt32(entries[0]["mode"], null), (string)entries[0]["mode_str"]));
        Assert.Equal((488, "drwxr-x---"), (Convert.ToInt32(entries[1]["mode"], null), (string)entries[1]["mode_str"]));
    }

    [Fact]
    public async Task List_Links_TellTheirTargetWhenItIsGranted()
    {
        await using var stage = new FileStage();
        stage.With("d/a", "12345");
        File.CreateSymbolicLink(stage.PathOf("in"), "d");
        File.CreateSymbolicLink(stage.PathOf("out"), "/etc");

        var entries = FileStage.Items(stage.Do("fs_ls", ("path", stage.Root), ("long", true))["entries"]);

        Assert.Equal(["d", "in", "out"], entries.Select(entry => (string)entry["name"]));
        Assert.Equal([true, true, false], entries.Select(entry => (bool)entry["is_dir"]));
        Assert.Equal(["d", "L", "L"], entries.Select(entry => ((string)entry["mode_str"])[..1]));
    }

    [Fact]
    public async Task List_EmptyDirectoryAndFile_DifferByTheError()
    {
        await using var stage = new FileStage();
        stage.WithDirectory("d").With("a");

        Assert.Empty((object[])stage.Do("fs_ls", ("path", stage.PathOf("d")))["entries"]);
        Assert.Equal($"not a directory: {stage.PathOf("a")}", stage.Fail("fs_ls", ("path", stage.PathOf("a"))));
    }

    [Fact]
    public async Task SetMode_Recursive_ReachesEverythingButLinks()
    {
        await using var stage = new FileStage(root => [new($"{root}/in", AccessMode.ReadWrite)]);
        stage.With("in/d/a").With("out");
        File.CreateSymbolicLink(stage.PathOf("in/d/link"), stage.PathOf("out"));

        stage.Do("fs_chmod", ("path", stage.PathOf("in/d")), ("mode", 0b111_101_000 | 0x800), ("recursive", true));
        Assert.Equal((UnixFileMode)0b111_101_000, stage.ModeOf("in/d/a"));
        stage.Do("fs_chmod", ("path", stage.PathOf("in/d")), ("mode", 493L), ("recursive", false));

        Assert.Equal((UnixFileMode)493, stage.ModeOf("in/d"));
        Assert.Equal((UnixFileMode)0b111_101_000, stage.ModeOf("in/d/a"));
        Assert.Equal((UnixFileMode)0x1A4, stage.ModeOf("out"));
    }

    [Fact]
    public async Task AllowedDirectories_AnswersTheManifestOnceEach()
    {
        await using var stage = new FileStage(root =>
            [new($"{root}/b", AccessMode.ReadWrite), new($"{root}/*/src", AccessMode.ReadOnly), new($"{root}/b", AccessMode.ReadWrite)]);

        var directories = FileStage.Items(stage.Do("fs_allowed_dirs")["dirs"]);

        Assert.Equal([($"{stage.Root}/b", "rw"), ($"{stage.Root}/*/src", "ro")], directories.Select(entry => ((string)entry["path"], (string)entry["mode"])));
    }

    [Fact]
    public async Task Copy_File_ReplacesTheTargetAndKeepsTheMode()
    {
        await using var stage = new FileStage();
        var content = Encoding.UTF8.GetBytes(new string('x', 300_000));
        stage.With("a", content).With("n/b", "old");
        stage.SetMode("a", (UnixFileMode)0x1ED);

        stage.Do("fs_copy", ("source", stage.PathOf("a")), ("dest", stage.PathOf("n/b")));
        stage.Do("fs_copy", ("source", stage.PathOf("a")), ("dest", stage.PathOf("m/c")));
        stage.Do("fs_copy", ("source", stage.PathOf("a")), ("dest", stage.PathOf("./a")));

        foreach (var copy in new[] { "a", "n/b", "m/c" })
        {
            Assert.Equal(content, await File.ReadAllBytesAsync(stage.PathOf(copy), TestContext.Current.CancellationToken));
            Assert.Equal((UnixFileMode)0x1ED, stage.ModeOf(copy));
        }
    }

    [Fact]
    public async Task Copy_Target_HasItsModeWithItsFirstByte()
    {
        var files = Substitute.For<IGrantedFiles>();
        var target = Substitute.For<IStagedFile>();
        files.Grants.Returns([new("/d", AccessMode.ReadWrite)]);
        files.OpenRead("/d/a").Returns(new FileResult<Stream>(new MemoryStream([1]), null));
        files.Stat("/d/a").Returns(new FileEntry("a", false, false, 1, DateTimeOffset.UnixEpoch, (UnixFileMode)0x180));
        files.Create("/d/b", FileCreation.Replace, (UnixFileMode)0x180).Returns(new FileResult<IStagedFile>(target, null));
        target.Content.Returns(new MemoryStream());
        target.Commit().Returns((FileFault?)null);
        await using var stage = new FileStage(files: files);

        stage.Do("fs_copy", ("source", "/d/a"), ("dest", "/d/b"));

        target.Received(1).Commit();
        files.DidNotReceiveWithAnyArgs().SetMode("", default, false, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Copy_UnfitPath_IsAnError()
    {
        await using var stage = new FileStage(root => [new($"{root}/rw", AccessMode.ReadWrite), new($"{root}/ro", AccessMode.ReadOnly)]);
        stage.With("rw/a").With("ro/b").WithDirectory("rw/d");

        Assert.Equal($"is a directory: {stage.PathOf("rw/d")}", stage.Fail("fs_copy", ("source", stage.PathOf("rw/d")), ("dest", stage.PathOf("rw/x"))));
        Assert.Equal($"is a directory: {stage.PathOf("rw/d")}", stage.Fail("fs_copy", ("source", stage.PathOf("rw/a")), ("dest", stage.PathOf("rw/d"))));
        Assert.Equal($"not found: {stage.PathOf("rw/x")}", stage.Fail("fs_copy", ("source", stage.PathOf("rw/x")), ("dest", stage.PathOf("rw/x"))));
        Assert.Equal("permission denied", stage.Fail("fs_copy", ("source", stage.PathOf("rw/a")), ("dest", stage.PathOf("ro/x"))));
        Assert.Equal("permission denied", stage.Fail("fs_copy", ("source", stage.PathOf("ro/b")), ("dest", stage.PathOf("ro/b"))));
        Assert.Equal("permission denied", stage.Fail("fs_copy", ("source", stage.PathOf("none")), ("dest", stage.PathOf("rw/x"))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DiskUsage_GrantedDirectory_AddsUp(bool named)
    {
        await using var stage = new FileStage();

        var answer = stage.Do("disk_usage", ("path", named ? stage.Root : ""));

        var (total, free, used) = (Number("total_bytes"), Number("free_bytes"), Number("used_bytes"));
        Assert.Equal(new DriveInfo(stage.Root).TotalSize, total);
        Assert.InRange(free + used, 1, total);
        Assert.Equal(100d * used / total, Assert.IsType<double>(answer["used_pct"]));

        long Number(string key) => Convert.ToInt64(answer[key], null);
    }

    [Theory]
    [InlineData("fs_grep")]
    [InlineData("fs_glob")]
    [InlineData("fs_ls")]
    public async Task AnySearch_CancelledCall_Ends(string function)
    {
        await using var stage = new FileStage();
        stage.With("a", "x");
        stage.Cancel();

        Assert.Equal("cancelled", stage.Fail(function, ("path", stage.Root), ("pattern", "x"), ("patterns", Texts("*"))));
    }

    [Fact]
    public async Task Read_FromAGuest_ReachesTheGrantedDirectoryOnly()
    {
        await using var stage = new FileStage();
        stage.With("in/a", "text").With("out/b");
        await using var harness = await RuntimeHarness.StartAsync("echo", manifest: manifest => manifest with
        {
            Permissions = PermissionSet.None with { Directories = [new(stage.PathOf("in"), AccessMode.ReadOnly)] },
        });

        var read = (Dictionary<object, object>)(await harness.AskAsync("fs", RuntimeHarness.Arguments(("path", stage.PathOf("in/a")))))!;
        var denied = (Dictionary<object, object>)(await harness.AskAsync("fs", RuntimeHarness.Arguments(("path", stage.PathOf("out/b")))))!;

        Assert.Equal("text"u8.ToArray(), read["content"]);
        Assert.Equal("permission denied", denied["error"]);
        Assert.Contains($"permissions.fs.dirs: {stage.PathOf("out/b")}:ro", Assert.Single(harness.Log.Of(3030)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_GrantedDirectoryThatIsMissing_IsAWarning()
    {
        await using var stage = new FileStage();
        await using var harness = new RuntimeHarness();

        var loaded = await harness.LoadAsync("echo", manifest => manifest with
        {
            Permissions = PermissionSet.None with { Directories = [new(stage.PathOf("missing"), AccessMode.ReadOnly)] },
        });

        Assert.Contains(loaded.Warnings, warning => warning.Contains(stage.PathOf("missing"), StringComparison.Ordinal));
    }
}
