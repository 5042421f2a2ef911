using System.Text;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>The attacks that the archive functions withstand, one archive each.</summary>
internal static class HostileArchives
{
    private const string Outside = "leads out with '..'";
    private const string Absolute = "is absolute";
    private const string Drive = "names a drive";
    private const string Type = "is neither a file nor a directory";
    private const string Twice = "two entries are named";
    private const string Contradicts = "contradicts the directory";

    private static readonly byte[] s_data = Encoding.UTF8.GetBytes("content");

    public static IReadOnlyList<HostileArchive> All { get; } = [.. TarNames(), .. TarTypes(), .. TarHeaders(), .. TarEnds(), .. ZipNames(), .. ZipHeaders(), .. ZipEnds()];

    private static IEnumerable<HostileArchive> TarNames()
    {
        yield return Tar("tar parent", tar => tar.File("../evil"), Outside);
        yield return Tar("tar parent behind a good file", tar => tar.File("good").File("../evil"), Outside);
        yield return Tar("tar parent in the middle", tar => tar.File("a/../../evil"), Outside);
        yield return Tar("tar parent that stays inside", tar => tar.File("a/../b"), Outside);
        yield return Tar("tar parent alone", tar => tar.Directory(".."), Outside);
        yield return Tar("tar parent with backslashes", tar => tar.File("..\\..\\evil"), Outside);
        yield return Tar("tar parent split by the prefix", tar => tar.Add("evil", '0', s_data, prefix: ".."), Outside);
        yield return Tar("tar absolute", tar => tar.File("/tmp/lm-evil"), Absolute);
        yield return Tar("tar absolute with many slashes", tar => tar.File("///tmp/lm-evil"), Absolute);
        yield return Tar("tar absolute by the prefix", tar => tar.Add("lm-evil", '0', s_data, prefix: "/tmp"), Absolute);
        yield return Tar("tar network path", tar => tar.File("\\\\server\\share\\evil"), Absolute);
        yield return Tar("tar drive", tar => tar.File("C:\\evil"), Drive);
        yield return Tar("tar drive without a slash", tar => tar.File("c:evil"), Drive);
        yield return Tar("tar NUL by an extension", tar => tar.Pax(("path", "a\0/../../evil")).File("a"), "holds a NUL");
        yield return Tar("tar long part", tar => tar.Pax(("path", new string('n', 256))).File("a"), "part of more than 255 bytes");
        yield return Tar("tar long name", tar => tar.Pax(("path", string.Join('/', Enumerable.Repeat(new string('n', 200), 30)))).File("a"), "a name has");
        yield return Tar("tar deep name", tar => tar.Pax(("path", string.Join('/', Enumerable.Repeat("d", 65)))).File("a"), "deeper than 64");
        yield return Tar("tar staging name", tar => tar.File(".lm-staging-1/evil"), "reserved name");
        yield return Tar("tar staging name in capitals", tar => tar.File("a/.LM-Staging"), "reserved name");
        yield return Tar("tar invalid UTF-8", tar => tar.Raw(BadName()), "is not UTF-8");
        yield return Tar("tar no name", tar => tar.File(""), "has no name");
        yield return Tar("tar dots and empty parts", tar => tar.File("./a//./b"), null, "a/", "a/b");
        yield return Tar("tar dot alone", tar => tar.Directory("./").File("a"), null, "a");
        yield return Tar("tar same file twice", tar => tar.File("a", "one").File("a", "two"), Twice);
        yield return Tar("tar same file twice, spelled otherwise", tar => tar.File("d/a", "one").File("./d//a", "two"), Twice);
        yield return Tar("tar same name as file and directory", tar => tar.File("a").Directory("a/"), Twice);
        yield return Tar("tar file as parent", tar => tar.File("a").File("a/b"), "not a directory");
        yield return Tar("tar names that differ in case", tar => tar.File("Makefile").File("makefile"), null, "Makefile", "makefile");
    }

    private static IEnumerable<HostileArchive> TarTypes()
    {
        yield return Tar("tar symbolic link", tar => tar.Link('2', "link", "../outside"), Type);
        yield return Tar("tar symbolic link, then through it", tar => tar.Link('2', "link", "../../outside").File("link/evil"), Type);
        yield return Tar("tar chain of links", tar => tar.Link('2', "a", "..").Link('2', "b", "a/..").File("b/outside/evil"), Type);
        yield return Tar("tar link behind a good file", tar => tar.File("good").Link('2', "link", "/etc/passwd"), Type);
        yield return Tar("tar hard link", tar => tar.Link('1', "link", "/etc/passwd"), Type);
        yield return Tar("tar hard link with content", tar => tar.Add("link", '1', s_data, link: "../../outside/secret.txt"), "has content");
        yield return Tar("tar link target by an extension", tar => tar.Pax(("linkpath", "../../outside")).Link('2', "link", "harmless"), Type);
        yield return Tar("tar long link target", tar => tar.Add("././@LongLink", 'K', Encoding.UTF8.GetBytes("../../outside\0")).Link('2', "link", "harmless"), Type);
        yield return Tar("tar character device", tar => tar.Add("null", '3', []), Type);
        yield return Tar("tar block device", tar => tar.Add("disk", '4', []), Type);
        yield return Tar("tar FIFO", tar => tar.Add("pipe", '6', []), Type);
        yield return Tar("tar sparse file", tar => tar.Add("sparse", 'S', s_data), "has content");
        yield return Tar("tar sparse file by an extension", tar => tar.Pax(("GNU.sparse.major", "1"), ("GNU.sparse.name", "../evil")).File("sparse", ""), Type);
        yield return Tar("tar unknown type", tar => tar.Add("odd", 'Z', []), Type);
        yield return Tar("tar directory with content", tar => tar.Add("dir", '5', s_data), "has content");
        yield return Tar("tar set-user-id", tar => tar.File("tool", mode: 0x9ED), null, "tool");
        yield return Tar("tar file through a planted link", tar => tar.File("planted/evil"), "");
        yield return Tar("tar directory over a planted link", tar => tar.Directory("planted/").File("planted/deeper/evil"), "");
    }

    private static IEnumerable<HostileArchive> TarHeaders()
    {
        yield return Tar("tar name by an extension", tar => tar.Pax(("path", "../evil")).File("harmless"), Outside);
        yield return Tar("tar name by a GNU header", tar => tar.Add("././@LongLink", 'L', Encoding.UTF8.GetBytes("../evil\0")).File("harmless"), Outside);
        yield return Tar("tar two names", tar => tar.Pax(("path", "a")).Add("././@LongLink", 'L', Encoding.UTF8.GetBytes("../evil\0")).File("b"), "has two names");
        yield return Tar("tar same extension twice", tar => tar.Pax(("path", "a")).Pax(("path", "b")).File("c"), "same extension header twice");
        yield return Tar("tar two names in one extension", tar => tar.Pax(("path", "a"), ("path", "b")).File("c"), "has two names");
        yield return Tar("tar global name", tar => tar.Pax('g', ("path", "../evil")).File("a"), "a global header sets");
        yield return Tar("tar global size", tar => tar.Pax('g', ("size", "0")).File("a"), "a global header sets");
        yield return Tar("tar hidden header behind a size override", Smuggled, null, "a");
        yield return Tar("tar size override beyond the end", tar => tar.Pax(("size", "1000000")).File("a"), "ends before its end mark");
        yield return Tar("tar size override that is none", tar => tar.Pax(("size", "-5")).File("a"), "a size that is none");
        yield return Tar("tar extension that claims gigabytes", tar => tar.Add("pax", 'x', [], size: 0x7FFF_0000), "extension header has");
        yield return Tar("tar long name that claims gigabytes", tar => tar.Add("././@LongLink", 'L', [], size: 0x7FFF_0000), "extension header has");
        yield return Tar("tar extension without end", tar => tar.Add("pax", 'x', "99 path=a\n"u8.ToArray()).File("a"), "extension header is malformed");
        yield return Tar("tar extension without an entry", tar => tar.Pax(("path", "a")), "has no entry");
        yield return Tar("tar negative size", tar => tar.AddBinarySize("a", 5, 0xFF), "a number that is none");
        yield return Tar("tar huge size", tar => tar.AddBinarySize("a", ulong.MaxValue), "too large");
        yield return Tar("tar size beyond the end", tar => tar.AddBinarySize("a", long.MaxValue / 2), "ends before its end mark");
        yield return Tar("tar size in no digits", tar => tar.Add("a", '0', [], sizeField: "0x10"), "a number that is none");
        yield return Tar("tar wrong checksum", tar => tar.Add("a", '0', s_data, hasChecksum: false), "checksum is wrong");
    }

    private static IEnumerable<HostileArchive> TarEnds()
    {
        yield return new("tar cut off between entries", () => new TarBytes { HasEnd = false }.File("a").Gzip(), "ends before its end mark");
        yield return new("tar cut off in an entry", () => TarBytes.Gzip(new TarBytes().File("a", new string('x', 5000)).Tar()[..2000]), "ends before its end mark");
        yield return new("tar cut off in the compressed bytes", () => new TarBytes().File("a", Noise(5000)).Gzip()[..1000], "invalid archive");
        yield return new("tar damaged in the compressed bytes", Damaged, "invalid archive");
        yield return new("tar nothing at all", () => [], "ends before its end mark");
        yield return new("tar text instead of gzip", () => Encoding.UTF8.GetBytes("not an archive"), "invalid archive");
        yield return new("tar another archive behind the end", () => TarBytes.Gzip([.. new TarBytes().File("a").Tar(), .. new TarBytes().File("../evil").Tar()]), null, "a");
        yield return new("tar archive in an archive", () => new TarBytes().File("a").Add("inner.tgz", '0', new TarBytes().File("../evil").Gzip()).Gzip(), null, "a", "inner.tgz");
        yield return new("tar bomb", () => new TarBytes().Add("zeros", '0', new byte[30_000_000]).Gzip(), "expands more than 200 times");
        yield return new("tar bomb behind the end", () => TarBytes.Gzip([.. new TarBytes().File("a").Tar(), .. new byte[30_000_000]]), "expands more than 200 times");
    }

    private static IEnumerable<HostileArchive> ZipNames()
    {
        yield return Zip("zip parent", Outside, new ZipPart("../evil"));
        yield return Zip("zip parent with backslashes", Outside, new ZipPart("..\\evil"));
        yield return Zip("zip absolute", Absolute, new ZipPart("/tmp/lm-evil"));
        yield return Zip("zip drive", Drive, new ZipPart("C:/evil"));
        yield return Zip("zip NUL", "holds a NUL", new ZipPart("a\0.txt"));
        yield return Zip("zip long part", "part of more than 255 bytes", new ZipPart(new string('n', 300)));
        yield return Zip("zip invalid UTF-8", "is not UTF-8", new ZipPart("") { RawName = [0xFF, 0xFE] });
        yield return Zip("zip same name twice", Twice, new ZipPart("a", "one"), new ZipPart("a", "two"));
        yield return Zip("zip same name by backslash", Twice, new ZipPart("d/a", "one"), new ZipPart("d\\a", "two"));
        yield return Zip("zip symbolic link", Type, new ZipPart("link", "../outside") { Mode = 0xA1FF }, new ZipPart("link/evil"));
        yield return Zip("zip device", Type, new ZipPart("null", "") { Mode = 0x21B6 });
        yield return Zip("zip FIFO", Type, new ZipPart("pipe", "") { Mode = 0x11B6 });
        yield return Zip("zip directory with content", "is a directory and has content", new ZipPart("dir/", "x"));
        yield return Zip("zip through a planted link", "", new ZipPart("planted/evil"));
        yield return new("zip set-user-id", () => new ZipBytes(new ZipPart("tool") { Mode = 0x89ED }).Make(), null, "tool");
    }

    private static IEnumerable<HostileArchive> ZipHeaders()
    {
        var bomb = new byte[200_000];
        yield return Zip("zip shorter declared than it is", "has more than its 10 bytes", new ZipPart("a", bomb) { Deflates = true, Length = 10 });
        yield return Zip("zip longer declared than it is", "instead of 300000", new ZipPart("a", bomb) { Deflates = true, Length = 300_000 });
        yield return Zip("zip wrong checksum", "has a wrong checksum", new ZipPart("a", "content") { Crc = 1 });
        yield return Zip("zip stored length", "a length other than its content", new ZipPart("a", "content") { Length = 3 });
        yield return Zip("zip damaged content", "invalid archive", new ZipPart("a", [0xFF, 0xFF, 0xFF, 0xFF]) { Method = 8 });
        yield return Zip("zip other name before the content", Contradicts, new ZipPart("good") { LocalName = "../evil" });
        yield return Zip("zip other length before the content", Contradicts, new ZipPart("a") { LocalLength = 5 });
        yield return Zip("zip other packed length before the content", Contradicts, new ZipPart("a") { LocalPackedLength = 5 });
        yield return Zip("zip other checksum before the content", Contradicts, new ZipPart("a") { LocalCrc = 5 });
        yield return Zip("zip other method before the content", Contradicts, new ZipPart("a") { LocalMethod = 8 });
        yield return Zip("zip encrypted", "encrypted or patched", new ZipPart("a") { Flags = 1 });
        yield return Zip("zip encrypted before the content only", Contradicts, new ZipPart("a") { LocalFlags = 1 });
        yield return Zip("zip strongly encrypted", "encrypted or patched", new ZipPart("a") { Flags = 0x40 });
        yield return Zip("zip masked headers", "encrypted or patched", new ZipPart("a") { Flags = 0x2000 });
        yield return Zip("zip unknown method", "compressed by method 99", new ZipPart("a") { Method = 99 });
        yield return Zip("zip descriptor that lies", Contradicts, new ZipPart("a") { Flags = 8, Descriptor = ZipBytes.Numbers(0x08074b50u, 1u, 1u, 1u) });
        yield return Zip("zip descriptor that is missing", Contradicts, new ZipPart("a") { Flags = 8 });
        yield return Zip("zip bomb", "expands more than 200 times", new ZipPart("zeros", new byte[30_000_000]) { Deflates = true });
        yield return Zip("zip overlap", "share bytes", new ZipPart("a", "content"), new ZipPart("a", "content") { Offset = 0 });
        yield return new("zip overlap of another's content", Quoted, "share bytes");
        yield return Zip("zip header outside", "beyond the directory", new ZipPart("a") { Offset = 1_000_000 });
        yield return Zip("zip content outside", Contradicts, new ZipPart("a") { PackedLength = 1_000_000, LocalPackedLength = 1 });
        yield return Zip("zip content outside, declared twice", "beyond the directory", new ZipPart("a") { PackedLength = 1_000_000, Length = 1_000_000, LocalLength = 1_000_000 });
        yield return Zip("zip large numbers missing", "lacks its large numbers", new ZipPart("a") { Length = uint.MaxValue });
        yield return Zip("zip large number that lies", Contradicts, Large(5));
        yield return Zip("zip negative large number", "number that is too large", Large(ulong.MaxValue));
        yield return Zip("zip extra field outside", "extra field is malformed", new ZipPart("a") { Extra = ZipBytes.Numbers((ushort)1, (ushort)200) });
        yield return Zip("zip two large fields", "extra field is malformed", new ZipPart("a") { Extra = [.. LargeField(1), .. LargeField(5)] });
        yield return Zip("zip entry on another disk", "several parts", new ZipPart("a") { Disk = 1 });
    }

    private static IEnumerable<HostileArchive> ZipEnds()
    {
        yield return Ends("zip of several disks", "several parts", parts => new ZipBytes(parts) { Disk = 1 });
        yield return Ends("zip with fewer entries than it has", "more entries than its end says", parts => new ZipBytes(parts) { Entries = 0 });
        yield return Ends("zip with more entries than it has", "directory is", parts => new ZipBytes(parts) { Entries = 60_000 });
        yield return Ends("zip directory elsewhere", "not where its end says", parts => new ZipBytes(parts) { DirectoryOffset = 3 });
        yield return Ends("zip with bytes behind its end", "bytes follow its end", parts => new ZipBytes(parts) { Trailer = [1, 2, 3] });
        yield return Ends("zip large end with endless entries", "too large", parts => new ZipBytes(parts) { IsLarge = true, LargeEntries = ulong.MaxValue });
        yield return Ends("zip large end with a directory elsewhere", "not where its end says", parts => new ZipBytes(parts) { IsLarge = true, LargeOffset = 1ul << 40 });
        yield return Ends("zip large end of several disks", "several parts", parts => new ZipBytes(parts) { IsLarge = true, LargeDisks = 2 });
        yield return new("zip cut off", () => new ZipBytes(new ZipPart("a", new string('x', 1000))).Make()[..^30], "no zip file");
        yield return new("zip nothing at all", () => [], "invalid archive");
        yield return new("zip comment that holds an end", () => new ZipBytes(new ZipPart("a")) { Comment = new ZipBytes().Make() }.Make(), "not where its end says");
        yield return new("zip archive in an archive", () => new ZipBytes(new ZipPart("inner.zip", new ZipBytes(new ZipPart("../evil")).Make())).Make(), null, "inner.zip");
    }

    private static HostileArchive Tar(string name, Func<TarBytes, TarBytes> fill, string? refusal, params string[] files) =>
        new(name, () => fill(new TarBytes()).Gzip(), refusal, files);

    private static HostileArchive Zip(string name, string refusal, params ZipPart[] parts) => new(name, () => new ZipBytes(parts).Make(), refusal);

    private static HostileArchive Ends(string name, string refusal, Func<ZipPart[], ZipBytes> make) => new(name, () => make([new ZipPart("a")]).Make(), refusal);

    // The size field says 0, the extension 512: a reader that follows the field sees the content as a header of its own.
    private static TarBytes Smuggled(TarBytes tar)
    {
        var hidden = new TarBytes { HasEnd = false }.Add("../evil", '0', []).Tar();
        return tar.Pax(("size", "512")).Add("a", '0', hidden, size: 0);
    }

    private static byte[] BadName()
    {
        var tar = new TarBytes { HasEnd = false }.File("\u00ff").Tar();
        (tar[0], tar[1]) = (0xFF, (byte)(tar[0] + tar[1] - 0xFF));
        return tar;
    }

    private static byte[] Damaged()
    {
        var bytes = new TarBytes().File("a", Noise(5000)).Gzip();
        bytes[^6] ^= 1;
        return bytes;
    }

    // A second entry whose header and content are the content of the first.
    private static byte[] Quoted()
    {
        var inner = new ZipBytes(new ZipPart("b", "content")).Make();
        return new ZipBytes(new ZipPart("a", inner[..(30 + 1 + 7)]), new ZipPart("b", "content") { Offset = 31 }).Make();
    }

    private static ZipPart Large(ulong length) =>
        new("a") { Length = uint.MaxValue, Extra = LargeField(length), LocalLength = 1 };

    private static byte[] LargeField(ulong value) => ZipBytes.Numbers((ushort)1, (ushort)8, value);

    private static string Noise(int length)
    {
        var letters = new char[length];
        for (var (i, seed) = (0, 1u); i < length; i++)
        {
            seed = (seed * 1664525) + 1013904223;
            letters[i] = (char)('a' + ((seed >> 16) % 26));
        }

        return new string(letters);
    }
}
