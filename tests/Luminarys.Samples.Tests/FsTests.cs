namespace Luminarys.Samples;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FsTests
{
    private static string ReadWrite(string data) => $"permissions: {{ fs: {{ enabled: true, dirs: ['{data}:rw'] }} }}";

    private static string ReadOnly(string data) => $"permissions: {{ fs: {{ enabled: true, dirs: ['{data}:ro'] }} }}";

    private static Task<SampleHost> StartAsync() => SampleHost.StartAsync("fs", ReadWrite);

    [Fact]
    public async Task Read_TextFile_AnswersItExactly()
    {
        await using var host = await StartAsync();
        const string text = "a\r\nb\tä 🙂\n\n";

        Assert.Equal(text, await host.ResultAsync("read", new { path = host.Write("a.txt", text) }));
        Assert.Equal("", await host.ResultAsync("read", new { path = host.Write("empty", "") }));
    }

    [Fact]
    public async Task Read_MissingOrBinaryFileOrDirectory_Fails()
    {
        await using var host = await StartAsync();
        File.WriteAllBytes(host.PathOf("b"), [1, 0, 2]);

        await host.FailsAsync("not found", "read", new { path = host.PathOf("none") });
        await host.FailsAsync("not a text file", "read", new { path = host.PathOf("b") });
        await host.FailsAsync("is a directory", "read", new { path = host.Data });
    }

    [Fact]
    public async Task ReadLines_EitherWayOfAsking_NumbersTheLines()
    {
        await using var host = await StartAsync();
        var path = host.Write("a.txt", "a\nb\nc\nd\ne\n");
        const string middle = "2\tb\n3\tc\n(2 more lines)";

        Assert.Equal(middle, await host.ResultAsync("read_lines", new { path, offset = 1, limit = 2 }));
        Assert.Equal(middle, await host.ResultAsync("read_lines", new { path, start_line = 2, end_line = 3 }));
        Assert.Equal("4\td\n5\te", await host.ResultAsync("read_lines", new { path, offset = 3 }));
        Assert.Equal("5\te", await host.ResultAsync("read_lines", new { path, start_line = 5 }));
        Assert.Equal("1\ta\n(4 more lines)", await host.ResultAsync("read_lines", new { path, end_line = 1 }));
        Assert.Equal("1\ta\n2\tb\n3\tc\n4\td\n5\te", await host.ResultAsync("read_lines", new { path }));
        Assert.Equal("no such lines: the file has 5 lines", await host.ResultAsync("read_lines", new { path, offset = 9 }));
        await host.FailsAsync("not both", "read_lines", new { path, offset = 1, start_line = 2 });
        await host.FailsAsync("end_line is before start_line", "read_lines", new { path, start_line = 3, end_line = 2 });
        await host.FailsAsync("not found", "read_lines", new { path = host.PathOf("none") });
    }

    [Fact]
    public async Task CountLines_File_AnswersANumber()
    {
        await using var host = await StartAsync();

        Assert.Equal("3", await host.ResultAsync("count_lines", new { path = host.Write("a.txt", "a\nb\nc") }));
        await host.FailsAsync("not found", "count_lines", new { path = host.PathOf("none") });
    }

    [Fact]
    public async Task Stat_FileDirectoryAndGrantedRoot_DescribesEach()
    {
        await using var host = await StartAsync();
        var path = host.Write("sub/a.txt", "hello");
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 3, 20, 9, 26, 40, DateTimeKind.Utc));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(
            $"path: {path}\ntype: file\nsize: 5\nmode: -rw-------\nmodified: 2026-03-20T09:26:40Z",
            await host.ResultAsync("stat", new { path }));
        Assert.Contains("type: directory\nsize: 0\nmode: d", await host.ResultAsync("stat", new { path = host.PathOf("sub/") }), StringComparison.Ordinal);
        Assert.Equal($"path: {host.Data}\ntype: directory\nentries: 1", await host.ResultAsync("stat", new { path = host.Data }));
        await host.FailsAsync("not found", "stat", new { path = host.PathOf("none") });
    }

    [Fact]
    public async Task Write_NewAndExistingFile_SaysWhich()
    {
        await using var host = await StartAsync();
        var path = host.PathOf("new/dir/a.txt");

        Assert.Equal($"created {path} (3 bytes)", await host.ResultAsync("write", new { path, content = "xä" }));
        Assert.Equal($"replaced {path} (0 bytes)", await host.ResultAsync("write", new { path, content = "" }));
        Assert.Equal("", host.Read("new/dir/a.txt"));
        await host.FailsAsync("is a directory", "write", new { path = host.PathOf("new"), content = "x" });
    }

    [Fact]
    public async Task Create_ExistingFile_FailsAndKeepsIt()
    {
        await using var host = await StartAsync();
        var path = host.PathOf("a.txt");

        Assert.Equal($"created {path} (1 byte)", await host.ResultAsync("create", new { path, content = "x" }));
        await host.FailsAsync("already exists", "create", new { path, content = "y" });
        Assert.Equal("x", host.Read("a.txt"));
    }

    [Fact]
    public async Task AppendLine_MissingAndUnfinishedFile_EndsEachLine()
    {
        await using var host = await StartAsync();
        host.Write("open.txt", "a");

        await host.ResultAsync("append_line", new { path = host.PathOf("open.txt"), line = "b" });
        await host.ResultAsync("append_line", new { path = host.PathOf("new/log.txt"), line = "1" });
        await host.ResultAsync("append_line", new { path = host.PathOf("new/log.txt"), line = "" });

        Assert.Equal("a\nb\n", host.Read("open.txt"));
        Assert.Equal("1\n\n", host.Read("new/log.txt"));
        await host.FailsAsync("is a directory", "append_line", new { path = host.PathOf("new"), line = "x" });
    }

    [Fact]
    public async Task WriteAndAppendLine_FileGrantedWithoutItsDirectory_KnowThatItIsThere()
    {
        await using var host = await SampleHost.StartAsync(
            "fs", data => $"permissions: {{ fs: {{ enabled: true, dirs: ['{data}/only.txt:rw'] }} }}");
        var path = host.Write("only.txt", "a\n");

        await host.ResultAsync("append_line", new { path, line = "b" });
        Assert.Equal("a\nb\n", host.Read("only.txt"));
        Assert.StartsWith("replaced", await host.ResultAsync("write", new { path, content = "c" }), StringComparison.Ordinal);
        await host.FailsAsync("permission denied", "append_line", new { path = host.PathOf("x.txt"), line = "b" });
    }

    [Fact]
    public async Task Edit_TextsOfAFile_ReplacesAndDeletesThem()
    {
        await using var host = await StartAsync();
        var path = host.Write("a.txt", "one two two\n");

        Assert.Equal($"replaced 1 occurrence in {path}", await host.ResultAsync("edit", new { path, old_string = "one", new_string = "1" }));
        await host.FailsAsync("occurs 2 times", "edit", new { path, old_string = "two", new_string = "2" });
        Assert.Equal(
            $"replaced 2 occurrences in {path}", await host.ResultAsync("edit", new { path, old_string = "two", new_string = "2", replace_all = true }));
        Assert.Equal("1 2 2\n", host.Read("a.txt"));
        await host.ResultAsync("edit", new { path, old_string = "1 " });
        Assert.Equal("2 2\n", host.Read("a.txt"));
        await host.FailsAsync("does not occur", "edit", new { path, old_string = "none", new_string = "x" });
    }

    [Fact]
    public async Task Edit_EmptyOldText_CreatesTheFileAndReplacesNone()
    {
        await using var host = await StartAsync();
        var path = host.PathOf("sub/new.txt");

        Assert.Equal($"created {path} (4 bytes)", await host.ResultAsync("edit", new { path, old_string = "", new_string = "text" }));
        await host.FailsAsync("already exists", "edit", new { path, old_string = "", new_string = "other" });
        Assert.Equal("text", host.Read("sub/new.txt"));
    }

    [Fact]
    public async Task Edit_LargestFile_IsWrittenWhole()
    {
        await using var host = await StartAsync();
        var path = host.Write("a.txt", "old\n" + new string('x', 400_000));

        await host.ResultAsync("edit", new { path, old_string = "old", new_string = "new" });

        Assert.Equal("new\n" + new string('x', 400_000), host.Read("a.txt"));
        await host.FailsAsync("524288", "write", new { path, content = new string('y', 600_000) });
        Assert.StartsWith("new", host.Read("a.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_FileAndDirectory_RemovesThem()
    {
        await using var host = await StartAsync();
        host.Write("sub/deep/a.txt", "x");

        Assert.Equal($"deleted {host.PathOf("sub")}", await host.ResultAsync("delete", new { path = host.PathOf("sub") }));
        Assert.False(Directory.Exists(host.PathOf("sub")));
        await host.FailsAsync("not found", "delete", new { path = host.PathOf("sub") });
    }

    [Fact]
    public async Task Mkdir_Braces_MakesSeveral()
    {
        await using var host = await StartAsync();

        await host.ResultAsync("mkdir", new { path = host.PathOf("a/{b,c}") });

        Assert.True(Directory.Exists(host.PathOf("a/b")) && Directory.Exists(host.PathOf("a/c")));
        await host.FailsAsync("not a directory", "mkdir", new { path = host.Write("file", "") });
    }

    [Fact]
    public async Task Copy_EitherPairOfNames_Copies()
    {
        await using var host = await StartAsync();
        var from = host.Write("a.txt", "x");

        Assert.Equal($"copied {from} to {host.PathOf("b.txt")}", await host.ResultAsync("copy", new { source = from, dest = host.PathOf("b.txt") }));
        await host.ResultAsync("copy", new { src = from, dst = host.PathOf("sub/c.txt") });

        Assert.Equal("xx", host.Read("b.txt") + host.Read("sub/c.txt"));
        await host.FailsAsync("missing required parameter: dest", "copy", new { source = from });
        await host.FailsAsync("mean the same", "copy", new { source = from, src = "/x", dest = "/y" });
        await host.FailsAsync("not found", "copy", new { src = host.PathOf("none"), dst = from });
    }

    [Fact]
    public async Task Move_File_KeepsContentAndMode()
    {
        await using var host = await StartAsync();
        var src = host.Write("run.sh", "echo");
        File.SetUnixFileMode(src, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var dst = host.PathOf("bin/run");

        Assert.Equal($"moved {src} to {dst}", await host.ResultAsync("move", new { src, dst }));

        Assert.Equal(["bin"], Directory.EnumerateFileSystemEntries(host.Data).Select(Path.GetFileName));
        Assert.Equal("echo", host.Read("bin/run"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserExecute, File.GetUnixFileMode(dst));
    }

    [Fact]
    public async Task Move_OntoWhatExistsOrFromNothing_ChangesNothing()
    {
        await using var host = await StartAsync();
        var src = host.Write("a.txt", "a");
        File.CreateSymbolicLink(host.PathOf("link"), src);

        await host.FailsAsync("already exists", "move", new { src, dst = host.Write("b.txt", "b") });
        await host.FailsAsync("already exists", "move", new { src, dst = src });
        await host.FailsAsync("already exists", "move", new { src, dst = host.PathOf("link") });
        await host.FailsAsync("not found", "move", new { src = host.PathOf("none"), dst = host.PathOf("c.txt") });

        Assert.Equal("ab", host.Read("a.txt") + host.Read("b.txt"));
        Assert.False(File.Exists(host.PathOf("c.txt")));
    }

    [Fact]
    public async Task Chmod_DigitsOrBits_SetsWhatIsMeant()
    {
        await using var host = await StartAsync();
        var path = host.Write("sub/a", "");
        (int Mode, string Octal)[] cases =
            [(755, "755"), (644, "644"), (600, "600"), (0, "000"), (493, "755"), (420, "644"), (384, "600"), (438, "666"), (416, "640")];

        foreach (var (mode, octal) in cases)
        {
            Assert.Equal($"set {path} to {octal}", await host.ResultAsync("chmod", new { path, mode }));
            Assert.Equal((UnixFileMode)Convert.ToInt32(octal, 8), File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task Chmod_RecursiveAndInvalid_AreHandled()
    {
        await using var host = await StartAsync();
        var path = host.Write("sub/a", "");

        await host.ResultAsync("chmod", new { path = host.PathOf("sub"), mode = 700, recursive = true });

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        await host.FailsAsync("invalid mode", "chmod", new { path, mode = -1 });
        await host.FailsAsync("invalid mode", "chmod", new { path, mode = 9999 });
        await host.FailsAsync("not found", "chmod", new { path = host.PathOf("none"), mode = 700 });
    }

    [Fact]
    public async Task Ls_AndList_MarkDirectories()
    {
        await using var host = await StartAsync();
        File.SetLastWriteTimeUtc(host.Write("a.txt", "hello"), new DateTime(2026, 3, 20, 9, 26, 40, DateTimeKind.Utc));
        File.SetUnixFileMode(host.PathOf("a.txt"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(host.PathOf("sub"));

        Assert.Equal("a.txt\nsub/", await host.ResultAsync("ls", new { path = host.Data }));
        Assert.Equal("a.txt\nsub/", await host.ResultAsync("list", new { path = host.Data }));
        var lines = (await host.ResultAsync("list", new { path = host.Data, detailed = true })).Split('\n');
        Assert.Equal("-rw-------          5 2026-03-20T09:26:40Z a.txt", lines[0]);
        Assert.Matches("^drwx.* sub/$", lines[1]);
        Assert.Equal("(empty)", await host.ResultAsync("ls", new { path = host.PathOf("sub") }));
        await host.FailsAsync("not a directory", "ls", new { path = host.PathOf("a.txt") });
        await host.FailsAsync("not found", "list", new { path = host.PathOf("none") });
    }

    [Fact]
    public async Task Tree_NestedDirectories_IndentsAndPutsThemBeforeTheirContent()
    {
        await using var host = await StartAsync();
        host.Write("a/b/c/d.txt", "");
        host.Write("a/x.txt", "");
        host.Write("a-z.txt", "");
        var full = $"{host.Data}\n  a/\n    b/\n      c/\n        d.txt\n    x.txt\n  a-z.txt";

        Assert.Equal(full.Replace("        d.txt\n", "", StringComparison.Ordinal), await host.ResultAsync("tree", new { path = host.Data }));
        Assert.Equal(full, await host.ResultAsync("tree", new { path = host.Data, max_depth = 0 }));
        Assert.Equal($"{host.Data}\n  a/\n  a-z.txt", await host.ResultAsync("tree", new { path = host.Data, max_depth = 1 }));
        await host.FailsAsync("not found", "tree", new { path = host.PathOf("none") });
    }

    [Fact]
    public async Task Glob_AndFind_AnswerPathsOfTheDirectory()
    {
        await using var host = await StartAsync();
        host.Write("a.go", "");
        host.Write("sub/b.go", "");
        host.Write("sub/c.md", "");

        Assert.Equal("a.go", await host.ResultAsync("glob", new { path = host.Data, pattern = "*.go" }));
        Assert.Equal("a.go\nsub/\nsub/b.go\nsub/c.md", await host.ResultAsync("glob", new { path = host.Data, pattern = "**" }));
        Assert.Equal("no matches", await host.ResultAsync("glob", new { path = host.Data, pattern = "*.rs" }));
        Assert.Equal("a.go\nsub/b.go\nsub/c.md", await host.ResultAsync("find", new { patterns = "**/*.{go,rs}, **/*.md", path = host.Data }));
        Assert.Equal("sub/", await host.ResultAsync("find", new { patterns = "sub", path = host.Data, only_files = false }));
        Assert.Equal(host.PathOf("sub/c.md"), await host.ResultAsync("find", new { patterns = "**/*.md" }));
        await host.FailsAsync("not found", "glob", new { path = host.PathOf("none"), pattern = "*" });
    }

    [Fact]
    public async Task Grep_AndSearches_AnswerLines()
    {
        await using var host = await StartAsync();
        var notes = host.Write("notes.md", "Todo one\nnothing\ntodo (two)\n");
        host.Write("src/a.go", "// todo three\n");

        Assert.Equal("notes.md:3: todo (two)\nsrc/a.go:1: // todo three", await host.ResultAsync("grep", new { path = host.Data, pattern = "todo" }));
        Assert.Equal($"{notes}:3: todo (two)", await host.ResultAsync("grep", new { path = notes, pattern = "^t" }));
        Assert.Equal("notes.md:3: todo (two)", await host.ResultAsync("search", new { pattern = "todo (t", path = host.Data, @fixed = true }));
        Assert.Equal(3, (await host.ResultAsync("search", new { pattern = "TODO", case_insensitive = true })).Split('\n').Length);
        Assert.Equal("src/a.go:1: // todo three", await host.ResultAsync("search_code", new { pattern = "todo", path = host.Data }));
        Assert.Equal("notes.md\nsrc/a.go", await host.ResultAsync("search_files", new { pattern = "TODO", path = host.Data, case_insensitive = true }));
        Assert.Equal("1: Todo one\n3: todo (two)", await host.ResultAsync("search_in_file", new { pattern = "TODO", path = notes, case_insensitive = true }));
        Assert.Equal("no matches", await host.ResultAsync("search_in_file", new { pattern = "TODO", path = notes }));
        Assert.Equal("no matches", await host.ResultAsync("search_files", new { pattern = "none" }));
    }

    [Fact]
    public async Task Searches_BadPattern_Fail()
    {
        await using var host = await StartAsync();
        var path = host.Write("a.txt", "x");

        foreach (var method in new[] { "search", "search_code", "search_files", "grep", "search_in_file" })
        {
            await host.FailsAsync("pattern", method, new { pattern = "(", path });
        }
    }

    [Fact]
    public async Task AllowedDirs_TwoGrants_ShowsBoth()
    {
        await using var host = await SampleHost.StartAsync(
            "fs", data => $"permissions: {{ fs: {{ enabled: true, dirs: ['{data}:rw', '{data}/kept:ro'] }} }}");

        Assert.Equal($"{host.Data} (rw)\n{host.Data}/kept (ro)", await host.ResultAsync("allowed_dirs"));
    }

    [Fact]
    public async Task EveryMethod_WithoutGrant_IsDenied()
    {
        await using var host = await SampleHost.StartAsync("fs");
        var path = host.Write("a.txt", "x");

        foreach (var method in host.Skill.Descriptor.Methods)
        {
            var arguments = method.Parameters.Where(one => one.IsRequired || method.Name is "copy").ToDictionary(
                one => one.Name,
                one => one.Name is "path" or "source" or "src" or "dest" or "dst" ? path : (object?)(one.Name == "mode" ? 700 : "x"));

            await host.FailsAsync("permission denied", method.Name, arguments);
        }

        Assert.Equal("x", host.Read("a.txt"));
    }

    [Fact]
    public async Task Changes_InAReadOnlyDirectory_AreDenied()
    {
        await using var host = await SampleHost.StartAsync("fs", ReadOnly);
        var path = host.Write("a.txt", "x");
        var other = host.PathOf("b.txt");
        const string expected = "permission denied";

        await host.FailsAsync(expected, "write", new { path, content = "y" });
        await host.FailsAsync(expected, "create", new { path = other, content = "y" });
        await host.FailsAsync(expected, "append_line", new { path, line = "y" });
        await host.FailsAsync(expected, "edit", new { path, old_string = "x", new_string = "y" });
        await host.FailsAsync(expected, "delete", new { path });
        await host.FailsAsync(expected, "mkdir", new { path = other });
        await host.FailsAsync(expected, "copy", new { source = path, dest = other });
        await host.FailsAsync(expected, "move", new { src = path, dst = other });
        await host.FailsAsync(expected, "chmod", new { path, mode = 700 });

        Assert.Equal("x", host.Read("a.txt"));
        Assert.False(Path.Exists(other));
        Assert.Equal("x", await host.ResultAsync("read", new { path }));
    }

    [Fact]
    public async Task Read_OutsideOrThroughALink_IsDenied()
    {
        await using var host = await StartAsync();
        File.CreateSymbolicLink(host.PathOf("out"), "/etc/hostname");

        await host.FailsAsync("permission denied", "read", new { path = "/etc/hostname" });
        await host.FailsAsync("permission denied", "read", new { path = host.PathOf("out") });
        await host.FailsAsync("invalid argument", "read", new { path = "a.txt" });
        await host.FailsAsync("invalid argument", "read", new { path = host.PathOf("../x") });
    }
}
