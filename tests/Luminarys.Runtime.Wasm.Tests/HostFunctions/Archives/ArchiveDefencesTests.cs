using Luminarys.Runtime.Wasm.HostFunctions.Archives;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>Each defence alone: with it the attack is refused, without it the attack succeeds where nothing else stands behind.</summary>
public sealed class ArchiveDefencesTests
{
    [Fact]
    public void S7_Names_Unchecked_LeadOutside() => Attack(
        new TarBytes().File("../../outside/evil").Gzip(),
        defences => defences with { ChecksNames = false },
        harness => File.Exists(harness.PathOf("outside/evil")));

    [Fact]
    public void S7_AbsoluteNames_Unchecked_LeadOutside()
    {
        using var elsewhere = new ArchiveHarness();
        Attack(
            new ZipBytes(new ZipPart(elsewhere.PathOf("outside/evil"))).Make(),
            defences => defences with { ChecksNames = false },
            _ => File.Exists(elsewhere.PathOf("outside/evil")));
    }

    [Fact]
    public void S7_Types_Unchecked_MakeFilesOfDevices() => Attack(
        new TarBytes().Add("device", '3', []).Gzip(),
        defences => defences with { ChecksTypes = false },
        harness => File.Exists(harness.PathOf("data/dest/device")));

    [Fact]
    public void S7_Duplicates_Allowed_LetTheSecondWin() => Attack(
        new TarBytes().File("a", "reviewed").File("a", "evil").Gzip(),
        defences => defences with { RefusesDuplicates = false },
        harness => File.ReadAllText(harness.PathOf("data/dest/a")) == "evil");

    [Fact]
    public void S7_Modes_Unmasked_SetTheUser()
    {
        var archive = new TarBytes().File("tool", mode: 0x9ED).Gzip();
        using var open = new ArchiveHarness(ArchiveDefences.All with { MasksModes = false }, isNaive: true).Write("in/a", archive);
        using var masked = new ArchiveHarness(isNaive: true).Write("in/a", archive);

        open.Unpack();
        masked.Unpack();

        Assert.True(new FileInfo(open.PathOf("data/dest/tool")).UnixFileMode.HasFlag(UnixFileMode.SetUser));
        Assert.False(new FileInfo(masked.PathOf("data/dest/tool")).UnixFileMode.HasFlag(UnixFileMode.SetUser));
    }

    [Fact]
    public void S7_Entries_Uncounted_AreUnpackedAll() => Attack(
        Enumerable.Range(0, 11).Aggregate(new TarBytes(), (tar, i) => tar.File($"f{i}")).Gzip(),
        defences => defences with { CountsEntries = false },
        harness => File.Exists(harness.PathOf("data/dest/f10")),
        new() { Entries = 10 });

    [Fact]
    public void S7_ZipEntries_Uncounted_AreUnpackedAll() => Attack(
        new ZipBytes([.. Enumerable.Range(0, 11).Select(i => new ZipPart($"f{i}"))]).Make(),
        defences => defences with { CountsEntries = false },
        harness => File.Exists(harness.PathOf("data/dest/f10")),
        new() { Entries = 10 });

    [Theory]
    [InlineData(1000, 100_000)]
    [InlineData(100_000, 1500)]
    public void S7_Bytes_Uncounted_AreWrittenAll(int entry, int total) => Attack(
        new TarBytes().File("a", new string('x', 1000)).File("b", new string('x', 1001)).Gzip(),
        defences => defences with { CountsBytes = false },
        harness => new FileInfo(harness.PathOf("data/dest/b")).Length == 1001,
        new() { EntryBytes = entry, TotalBytes = total });

    [Theory]
    [InlineData(1000, 100_000)]
    [InlineData(100_000, 1500)]
    public void S7_ZipBytes_Uncounted_AreWrittenAll(int entry, int total) => Attack(
        new ZipBytes(new ZipPart("a", new string('x', 1000)), new ZipPart("b", new string('x', 1001))).Make(),
        defences => defences with { CountsBytes = false },
        harness => new FileInfo(harness.PathOf("data/dest/b")).Length == 1001,
        new() { EntryBytes = entry, TotalBytes = total });

    [Fact]
    public void S7_Ratio_Unchecked_LetsABombGoOff() => Attack(
        new TarBytes().Add("zeros", '0', new byte[30_000_000]).Gzip(),
        defences => defences with { ChecksRatio = false },
        harness => new FileInfo(harness.PathOf("data/dest/zeros")).Length == 30_000_000);

    [Fact]
    public void S7_ZipRatio_Unchecked_LetsABombGoOff() => Attack(
        new ZipBytes(new ZipPart("zeros", new byte[30_000_000]) { Deflates = true }).Make(),
        defences => defences with { ChecksRatio = false },
        harness => new FileInfo(harness.PathOf("data/dest/zeros")).Length == 30_000_000);

    [Fact]
    public void S7_ZipLength_Unchecked_IsExceeded() => Attack(
        new ZipBytes(new ZipPart("a", new byte[200_000]) { Deflates = true, Length = 10 }).Make(),
        defences => defences with { ChecksContent = false },
        harness => new FileInfo(harness.PathOf("data/dest/a")).Length == 200_000);

    [Fact]
    public void S7_ZipChecksum_Unchecked_LetsChangedContentPass() => Attack(
        new ZipBytes(new ZipPart("a", "evil") { Crc = 1 }).Make(),
        defences => defences with { ChecksContent = false },
        harness => File.ReadAllText(harness.PathOf("data/dest/a")) == "evil");

    [Fact]
    public void S7_ZipLocalHeader_Unchecked_MayTellAnotherName() => Attack(
        new ZipBytes(new ZipPart("a") { LocalName = "b" }).Make(),
        defences => defences with { ChecksLocalHeaders = false },
        harness => File.Exists(harness.PathOf("data/dest/a")));

    [Fact]
    public void S7_ZipOverlap_Allowed_MultipliesTheContent() => Attack(
        new ZipBytes(new ZipPart("a", "content"), new ZipPart("b", "content") { Offset = 0, LocalName = "a" }).Make(),
        defences => defences with { RefusesOverlaps = false, ChecksLocalHeaders = false },
        harness => File.Exists(harness.PathOf("data/dest/a")) && File.Exists(harness.PathOf("data/dest/b")));

    private static void Attack(byte[] archive, Func<ArchiveDefences, ArchiveDefences> weaken, Func<ArchiveHarness, bool> succeeds, ArchiveLimits? limits = null)
    {
        using (var strong = new ArchiveHarness(limits: limits).Write("in/a", archive))
        {
            var before = strong.Snapshot();
            Assert.True(strong.Unpack().ContainsKey("error"), "the defence let it pass");
            Assert.Equal(before, strong.Snapshot());
        }

        using var weak = new ArchiveHarness(weaken(ArchiveDefences.All), limits, isNaive: true).Write("in/a", archive);
        Assert.DoesNotContain("error", weak.Unpack().Keys);
        Assert.True(succeeds(weak), "the attack did not succeed without the defence");
    }
}
