using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Luminarys.Runtime.Wasm.HostFunctions.Archives;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

public sealed class ArchiveFunctionsTests
{
    [Theory]
    [InlineData("tar.gz")]
    [InlineData("zip")]
    public void Pack_ThenUnpack_GivesTheSameTree(string format)
    {
        using var harness = new ArchiveHarness();
        FillTree(harness, "in/p");

        var packed = harness.Pack("in/p", "data/out", format);
        var unpacked = harness.Unpack("data/out", format);

        Assert.Equal(6, Convert.ToInt32(packed["files_count"]));
        Assert.Equal(format, packed["format"]);
        Assert.Equal(6, Convert.ToInt32(unpacked["files_count"]));
        Assert.Equal(harness.Snapshot("in/p"), harness.Snapshot("data/dest"));
    }

    [Theory]
    [InlineData("tar.gz")]
    [InlineData("zip")]
    public void Pack_SameFilesTwice_GivesTheSameBytes(string format)
    {
        using var harness = new ArchiveHarness();
        FillTree(harness, "in/p");

        harness.Pack("in/p", "data/one", format);
        harness.Pack("in/p", "data/two", format);

        Assert.Equal(File.ReadAllBytes(harness.PathOf("data/one")), File.ReadAllBytes(harness.PathOf("data/two")));
    }

    [Theory]
    [InlineData("", "data/a.zip", "zip")]
    [InlineData("", "data/a.ZIP", "zip")]
    [InlineData("", "data/a", "tar.gz")]
    [InlineData("tgz", "data/a.zip", "tar.gz")]
    [InlineData("tar.gz", "data/a", "tar.gz")]
    public void Pack_Format_FollowsTheRequestThenTheName(string format, string output, string used)
    {
        using var harness = new ArchiveHarness().Write("in/p/a");

        Assert.Equal(used, harness.Pack("in/p", output, format)["format"]);
        Assert.Equal(used == "zip" ? (byte)'P' : (byte)0x1F, File.ReadAllBytes(harness.PathOf(output))[0]);
    }

    [Fact]
    public void Pack_UnknownFormat_IsAnErrorAndLeavesNothing()
    {
        using var harness = new ArchiveHarness().Write("in/p/a");

        Assert.Equal("invalid argument: format: tar.gz, tgz and zip are known", harness.Pack("in/p", "data/a", "rar")["error"]);
        Assert.Equal(["dest/"], harness.Snapshot("data"));
    }

    [Theory]
    [InlineData("tar.gz")]
    [InlineData("zip")]
    public void Pack_OutputInTheSource_IsLeftOut(string format)
    {
        using var harness = new ArchiveHarness().Write("data/p/a").Write("data/p/z");

        harness.Pack("data/p", "data/p//./out", format);
        var again = harness.Pack("data/p/", "data/p/out", format);

        Assert.Equal(2, Convert.ToInt32(again["files_count"]));
        Assert.Equal(["a", "z"], harness.Names("data/p/out", format));
    }

    [Fact]
    public void Pack_Links_AreLeftOut()
    {
        using var harness = new ArchiveHarness().Write("in/p/a");
        Directory.CreateSymbolicLink(harness.PathOf("in/p/outside"), harness.PathOf("outside"));
        File.CreateSymbolicLink(harness.PathOf("in/p/b"), "a");

        Assert.Equal(1, Convert.ToInt32(harness.Pack("in/p", "data/out.zip")["files_count"]));
        Assert.Equal(["a"], harness.Names("data/out.zip"));
    }

    [Fact]
    public void Pack_Exclude_LeavesOutNamesAndPaths()
    {
        using var harness = new ArchiveHarness();
        foreach (var name in (string[])["a.txt", "a.log", ".git/config", "src/.git/config", "src/a.go", "src/gen/b.go", "gen/b.go", "x.tmp", "y.bak"])
        {
            harness.Write($"in/p/{name}");
        }

        harness.Pack("in/p", "data/out.zip", exclude: ".git, *.log,src/gen,*.{tmp,bak}");

        Assert.Equal(["a.txt", "gen/", "gen/b.go", "src/", "src/a.go"], harness.Names("data/out.zip"));
    }

    [Fact]
    public void Pack_OneFile_PacksItUnderItsName()
    {
        using var harness = new ArchiveHarness().Write("in/p/a.txt", "content");

        Assert.Equal(1, Convert.ToInt32(harness.Pack("in/p/a.txt", "data/out.tgz", exclude: "*.txt")["files_count"]));
        Assert.Equal(["a.txt"], harness.Names("data/out.tgz"));
    }

    [Theory]
    [InlineData("outside", "data/out", "permission denied")]
    [InlineData("in/p", "in/out", "permission denied")]
    [InlineData("in/p", "outside/out", "permission denied")]
    public void Pack_WithoutAGrant_IsDeniedAndLogged(string source, string output, string error)
    {
        using var harness = new ArchiveHarness().Write("in/p/a");
        var before = harness.Snapshot();

        Assert.Equal(error, harness.Pack(source, output)["error"]);
        Assert.Contains("archive_pack", Assert.Single(harness.Log.Of(3030)), StringComparison.Ordinal);
        Assert.Equal(before, harness.Snapshot());
    }

    [Fact]
    public void Pack_MissingSource_IsNotFound()
    {
        using var harness = new ArchiveHarness();

        Assert.Equal($"not found: {harness.PathOf("in/none")}", harness.Pack("in/none", "data/out")["error"]);
        Assert.Equal(["dest/"], harness.Snapshot("data"));
    }

    [Fact]
    public void Pack_AboveALimit_LeavesTheOldArchive()
    {
        using var harness = new ArchiveHarness(limits: new() { EntryBytes = 100 }).Write("in/p/a", new string('x', 101)).Write("data/out", "old");

        Assert.Equal("too large: a file of more than 100 bytes", harness.Pack("in/p", "data/out")["error"]);
        Assert.Equal("old", File.ReadAllText(harness.PathOf("data/out")));
        Assert.Equal(["dest/", "out"], harness.Snapshot("data").Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [InlineData(0, new[] { "p/", "p/a", "p/d/", "p/d/b" })]
    [InlineData(1, new[] { "a", "d/", "d/b" })]
    [InlineData(2, new[] { "b" })]
    [InlineData(9, new string[0])]
    public void Unpack_Strip_DropsLeadingParts(int strip, string[] names)
    {
        using var harness = new ArchiveHarness().Write("in/a", new TarBytes().Directory("p/").File("p/a").File("./p/d/b").Gzip());

        Assert.Equal(names.Count(name => !name.EndsWith('/')), Convert.ToInt32(harness.Unpack(format: "tgz", strip: strip)["files_count"]));
        Assert.Equal(names, harness.Snapshot("data/dest").Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void Unpack_StripThatMakesNamesEqual_IsRefused()
    {
        using var harness = new ArchiveHarness().Write("in/a", new TarBytes().File("p/a").File("q/a").Gzip());

        Assert.Contains("two entries are named 'a'", (string)harness.Unpack(strip: 1)["error"], StringComparison.Ordinal);
    }

    [Fact]
    public void Unpack_StripThatFreesADrive_IsRefused()
    {
        using var harness = new ArchiveHarness().Write("in/a", new TarBytes().File("p/C:/a").Gzip());

        Assert.Contains("names a drive", (string)harness.Unpack(strip: 1)["error"], StringComparison.Ordinal);
    }

    [Fact]
    public void Unpack_Exclude_LeavesOutAlsoWhatWouldBeRefused()
    {
        using var harness = new ArchiveHarness().Write("in/a", new TarBytes().File("p/a").Link('2', "p/node_modules/.bin/x", "../x").File("p/d/b").Gzip());

        Assert.Equal(1, Convert.ToInt32(harness.Unpack(exclude: "node_modules,p/d", strip: 1)["files_count"]));
        Assert.Equal(["a"], harness.Snapshot("data/dest").Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void Unpack_LinksSkipped_UnpacksTheRest()
    {
        using var harness = new ArchiveHarness(skipsLinks: true)
            .Write("in/a", new TarBytes().Link('2', "link", "../outside").Link('1', "hard", "a").File("a").Gzip())
            .Write("in/b", new ZipBytes(new ZipPart("link", "../outside") { Mode = 0xA1FF }, new ZipPart("b")).Make());

        Assert.Equal(1, Convert.ToInt32(harness.Unpack("in/a")["files_count"]));
        Assert.Equal(1, Convert.ToInt32(harness.Unpack("in/b")["files_count"]));
        Assert.Equal(["a", "b"], harness.Snapshot("data/dest").Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void Unpack_ExistingFiles_AreReplacedAndOthersStay()
    {
        using var harness = new ArchiveHarness()
            .Write("in/a", new TarBytes().File("d/a", "new").Gzip())
            .Write("data/dest/d/a", "old")
            .Write("data/dest/d/b", "stays");

        harness.Unpack();

        Assert.Equal("new", File.ReadAllText(harness.PathOf("data/dest/d/a")));
        Assert.Equal("stays", File.ReadAllText(harness.PathOf("data/dest/d/b")));
    }

    [Fact]
    public void Unpack_MissingDestination_IsMade()
    {
        using var harness = new ArchiveHarness().Write("in/a.zip", new ZipBytes(new ZipPart("a")).Make());

        Assert.Equal(1, Convert.ToInt32(harness.Unpack("in/a.zip", dest: "data/new/deep")["files_count"]));
        Assert.True(File.Exists(harness.PathOf("data/new/deep/a")));
    }

    [Fact]
    public void Unpack_NoFormat_FindsItByTheFirstBytes()
    {
        using var harness = new ArchiveHarness()
            .Write("in/one", new TarBytes().File("a").Gzip())
            .Write("in/two", new ZipBytes(new ZipPart("b")).Make())
            .Write("in/three", "neither");

        Assert.Equal(1, Convert.ToInt32(harness.Unpack("in/one")["files_count"]));
        Assert.Equal(1, Convert.ToInt32(harness.Unpack("in/two")["files_count"]));
        Assert.Equal("invalid argument: format: the file is neither tar.gz nor zip", harness.Unpack("in/three")["error"]);
    }

    [Theory]
    [InlineData("outside/secret.txt", "data/dest")]
    [InlineData("in/a", "in/dest")]
    [InlineData("in/a", "outside")]
    public void Unpack_WithoutAGrant_IsDeniedAndLogged(string archive, string dest)
    {
        using var harness = new ArchiveHarness().Write("in/a", new TarBytes().File("a").Gzip());
        var before = harness.Snapshot();

        Assert.Equal("permission denied", harness.Unpack(archive, dest: dest)["error"]);
        Assert.Contains("archive_unpack", Assert.Single(harness.Log.Of(3030)), StringComparison.Ordinal);
        Assert.Equal(before, harness.Snapshot());
    }

    [Theory]
    [InlineData("archive_unpack")]
    [InlineData("archive_list")]
    [InlineData("archive_pack")]
    public void AnyFunction_CancelledCall_EndsWithoutATrace(string function)
    {
        using var harness = new ArchiveHarness(cancellation: new CancellationToken(canceled: true)).Write("in/a", new TarBytes().File("a").Gzip()).Write("in/p/a");
        var before = harness.Snapshot();

        var answer = harness.Ask(
            function,
            ("archive", harness.PathOf("in/a")),
            ("dest", harness.PathOf("data/dest")),
            ("source", harness.PathOf("in/p")),
            ("output", harness.PathOf("data/out")));

        Assert.Equal("cancelled", answer["error"]);
        Assert.Equal(before, harness.Snapshot());
    }

    [Theory]
    [InlineData("archive_unpack")]
    [InlineData("archive_list")]
    [InlineData("archive_pack")]
    public void AnyFunction_EmptyRequest_IsAnError(string function)
    {
        using var harness = new ArchiveHarness();

        Assert.StartsWith("invalid argument: path", (string)ArchiveHarness.Decode(harness.AskRaw(function, default))["error"], StringComparison.Ordinal);
    }

    [Fact]
    public void List_TellsNamesSizesAndDirectoriesInTheArchivesOrder()
    {
        using var harness = new ArchiveHarness()
            .Write("in/a", new TarBytes().File("z", "four").Directory("d/").File("d/a", "").File("../evil").Link('2', "link", "x").Gzip())
            .Write("in/b", new ZipBytes(new ZipPart("z", "four"), new ZipPart("d/", "")).Make());

        var entries = ((object[])harness.List("in/a")["entries"]).Cast<Dictionary<object, object>>().ToArray();

        Assert.Equal(["z", "d/", "d/a", "../evil", "link"], entries.Select(entry => entry["name"]));
        Assert.Equal([4, 0, 0, 1, 0], entries.Select(entry => Convert.ToInt32(entry["size"])));
        Assert.Equal([false, true, false, false, false], entries.Select(entry => entry["is_dir"]));
        Assert.Equal(["z", "d/"], harness.Names("in/b"));
        Assert.Equal(["z"], harness.Names("in/b", exclude: "d"));
    }

    [Fact]
    public void List_EmptyArchive_IsAnEmptyArray()
    {
        using var harness = new ArchiveHarness().Write("in/a", new TarBytes().Gzip()).Write("in/b", new ZipBytes().Make());

        Assert.Empty(harness.Names("in/a"));
        Assert.Empty(harness.Names("in/b"));
    }

    [Fact]
    public void List_LargerThanTheGuestTakes_IsAnError()
    {
        using var harness = new ArchiveHarness(maxAnswer: 100).Write("in/a", new TarBytes().File(new string('a', 50)).File(new string('b', 50)).Gzip());

        Assert.Equal("too large: a list of more than 100 bytes", harness.List()["error"]);
    }

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Unpack_TarOfTheBaseLibrary_IsRead(TarEntryFormat format)
    {
        using var tar = new MemoryStream();
        var name = format is TarEntryFormat.Pax or TarEntryFormat.Gnu ? $"d/{new string('ü', 100)}" : "d/ü";
        using (var writer = new TarWriter(tar, format, leaveOpen: true))
        {
            TarEntry entry = format switch
            {
                TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                _ => new GnuTarEntry(TarEntryType.RegularFile, name),
            };
            entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes("content"));
            writer.WriteEntry(entry);
        }

        using var harness = new ArchiveHarness().Write("in/a", TarBytes.Gzip(tar.ToArray()));

        Assert.Equal(1, Convert.ToInt32(harness.Unpack()["files_count"]));
        Assert.Equal("content", File.ReadAllText(harness.PathOf($"data/dest/{name}")));
    }

    [Fact]
    public void Unpack_ZipWrittenWithoutSeeking_IsRead()
    {
        using var bytes = new MemoryStream();
        using (var gate = new UnseekableStream(bytes))
        using (var zip = new ZipArchive(gate, ZipArchiveMode.Create))
        {
            using var first = new StreamWriter(zip.CreateEntry("a").Open());
            first.Write("content");
        }

        using var harness = new ArchiveHarness().Write("in/a", bytes.ToArray());

        Assert.Equal(1, Convert.ToInt32(harness.Unpack()["files_count"]));
        Assert.Equal("content", File.ReadAllText(harness.PathOf("data/dest/a")));
    }

    [Fact]
    public void Unpack_ZipWithLargeNumbers_IsRead()
    {
        var large = ZipBytes.Numbers((ushort)1, (ushort)8, 7ul);
        using var harness = new ArchiveHarness().Write(
            "in/a", new ZipBytes(new ZipPart("a", "content") { Length = uint.MaxValue, Extra = large, LocalLength = 7 }) { IsLarge = true }.Make());

        Assert.Equal(1, Convert.ToInt32(harness.Unpack()["files_count"]));
        Assert.Equal("content", File.ReadAllText(harness.PathOf("data/dest/a")));
    }

    [Fact]
    public void Limits_AreTheDocumentedOnes()
    {
        var limits = ArchiveLimits.Standard;

        Assert.Equal(1024L * 1024 * 1024, limits.TotalBytes);
        Assert.Equal(512L * 1024 * 1024, limits.EntryBytes);
        Assert.Equal(100_000, limits.Entries);
        Assert.Equal(200, limits.Ratio);
        Assert.Equal(10L * 1024 * 1024, limits.RatioFreeBytes);
        Assert.Equal(1024L * 1024, limits.RatioStep);
        Assert.Equal(64, limits.Depth);
    }

    private static void FillTree(ArchiveHarness harness, string root)
    {
        harness.Write($"{root}/a.txt", "content").Write($"{root}/empty", "").Write($"{root}/d/tool", "#!/bin/sh").Write($"{root}/d/e/f/g", "deep")
            .Write($"{root}/ünïcödé/日本語.txt", "unicode").Write($"{root}/large", string.Concat(Enumerable.Range(0, 100_000)));
        Directory.CreateDirectory(harness.PathOf($"{root}/hollow"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(harness.PathOf($"{root}/d/tool"), (UnixFileMode)0x1ED);
            File.SetUnixFileMode(harness.PathOf($"{root}/a.txt"), (UnixFileMode)0x180);
        }
    }

    private sealed class UnseekableStream(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
