using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.HostFunctions.Archives;
using Luminarys.Skills.Messages;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>Changed bytes of archives that several programs wrote: an error or clean entries, never a crash, a hang or a name that leads out.</summary>
public sealed class ArchiveFuzzTests
{
    private static readonly ArchiveLimits s_limits = new() { TotalBytes = 4_000_000, EntryBytes = 2_000_000, Entries = 500, RatioFreeBytes = 500_000, RatioStep = 10_000 };

    private static TimeSpan Duration =>
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture));

    public static TheoryData<string, string> Corpus =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "assets", "corpus", "archives")).Order().Select(path => (Path.GetFileName(path), Path.GetExtension(path)))];

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Corpus_IsUnpackedOrRefusedWithAReason(string name, string extension)
    {
        using var harness = new ArchiveHarness().Write($"in/a{extension}", Read(name));

        var answer = harness.Unpack($"in/a{extension}");

        var refusal = name switch
        {
            "gnu-links.tgz" => "entry './link' is neither a file nor a directory",
            "infozip-encrypted.zip" => "entry 'a.txt' is encrypted or patched",
            "python-bzip2.zip" => "entry 'a' is compressed by method 12; 0 and 8 are known",
            _ => null,
        };
        Assert.Equal(refusal is null ? null : $"invalid archive: {refusal}", answer.GetValueOrDefault("error"));
        Assert.Equal(refusal is null, File.Exists(harness.PathOf("data/dest/a.txt")));
        Assert.True(refusal is not null || File.ReadAllText(harness.PathOf("data/dest/d/b.txt")) == new string('x', 700));
    }

    [Fact]
    public void S9_Tar_ChangedBytes_NeverHarm()
    {
        var seeds = Seeds("*.tgz").Select(Expand).Concat(HostileArchives.All.Where(archive => archive.Name.StartsWith("tar", StringComparison.Ordinal)).Select(TryExpand))
            .Where(seed => seed.Length is > 0 and < 100_000).ToArray();
        Fuzz(seeds, bytes => new TarArchiveReader(new MemoryStream(TarBytes.Gzip(bytes)), Budget()));
    }

    [Fact]
    public void S9_Gzip_ChangedBytes_NeverHarm() =>
        Fuzz([.. Seeds("*.tgz")], bytes => new TarArchiveReader(new MemoryStream(bytes), Budget()));

    [Fact]
    public void S9_Zip_ChangedBytes_NeverHarm()
    {
        var seeds = Seeds("*.zip").Concat(HostileArchives.All.Where(archive => archive.Name.StartsWith("zip", StringComparison.Ordinal)).Select(archive => archive.Make()))
            .Where(seed => seed.Length is > 0 and < 100_000).ToArray();
        Fuzz(seeds, bytes => new ZipArchiveReader(new MemoryStream(bytes), Budget()));
    }

    [Fact]
    public void S9_Requests_ChangedBytes_NeverHarm()
    {
        using var harness = new ArchiveHarness();
        string[] functions = ["archive_pack", "archive_unpack", "archive_list"];
        var seeds = functions.Select(function => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "assets", "golden", $"{function}.g.txt"))[1])
            .Select(line => Convert.FromHexString(line["request ".Length..])).ToArray();
        var run = 0;
        Mutate(seeds, bytes =>
        {
            if (MessageGuard.FindFault(bytes) is null)
            {
                Assert.True(ArchiveHarness.Decode(harness.AskRaw(functions[run++ % functions.Length], bytes)).ContainsKey("error"));
            }
        });
        Assert.Equal(["data/", "data/dest/", "in/", "outside/", "outside/secret.txt"], harness.Snapshot().Select(line => line.Split(' ')[0]));
    }

    private static ArchiveBudget Budget() => new(s_limits, ArchiveDefences.All, TestContext.Current.CancellationToken);

    private static void Fuzz(byte[][] seeds, Func<byte[], IArchiveReader> open) => Mutate(seeds, bytes =>
    {
        var tree = new WatchfulTree();
        try
        {
            using var reader = open(bytes);
            new ArchiveUnpacker(Budget(), ExcludeList.Parse(""), 0, skipsLinks: false).Unpack(reader, tree, TestContext.Current.CancellationToken);
        }
        catch (Exception exception) when (exception is ArchiveException or InvalidDataException or EndOfStreamException)
        {
            Assert.False(tree.IsCommitted);
        }

        Assert.True(tree.Written <= s_limits.TotalBytes, $"{tree.Written} bytes were written");
    });

    private static void Mutate(byte[][] seeds, Action<byte[]> test)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Duration)
        {
            var bytes = Change(random, seeds[random.Next(seeds.Length)]);
            var started = clock.Elapsed;
            try
            {
                test(bytes);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {Convert.ToHexString(bytes)}", exception);
            }

            Assert.True(clock.Elapsed - started < TimeSpan.FromSeconds(1), $"seed {seed} hung on {Convert.ToHexString(bytes)}");
        }
    }

    private static byte[] Change(Random random, byte[] seed)
    {
        byte[] bytes = [.. seed];
        byte[] telling = [0, 1, 0x2E, 0x2F, 0x30, 0x37, 0x5C, 0x7F, 0x80, 0xFE, 0xFF];
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = telling[random.Next(telling.Length)];
                    break;
                case 2 when bytes.Length > 8:
                    bytes.AsSpan(at, Math.Min(random.Next(1, 9), bytes.Length - at)).Fill(telling[random.Next(telling.Length)]);
                    break;
                case 3 when random.Next(10) == 0:
                    bytes = bytes[..Math.Max(1, at)];
                    break;
            }
        }

        FixChecksums(bytes);
        return bytes;
    }

    // Headers whose checksum is wrong test nothing but the checksum.
    private static void FixChecksums(byte[] bytes)
    {
        for (var at = 0; at + 512 <= bytes.Length; at += 512)
        {
            var block = bytes.AsSpan(at, 512);
            if (block.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                block.Slice(148, 8).Fill((byte)' ');
                var sum = 0;
                foreach (var value in block)
                {
                    sum += value;
                }

                System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(block[148..]);
            }
        }
    }

    private static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "assets", "corpus", "archives", name));

    private static IEnumerable<byte[]> Seeds(string pattern) =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "assets", "corpus", "archives"), pattern).Order().Select(File.ReadAllBytes);

    private static byte[] Expand(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] TryExpand(HostileArchive archive)
    {
        try
        {
            return Expand(archive.Make());
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    /// <summary>Takes what is unpacked and fails the test on what must never reach it.</summary>
    private sealed class WatchfulTree : IStagedTree
    {
        private readonly HashSet<string> _names = [];

        public bool IsCommitted { get; private set; }

        public long Written { get; private set; }

        public FileFault? CreateDirectory(string relativePath)
        {
            Check(relativePath);
            return null;
        }

        public FileResult<Stream> CreateFile(string relativePath, UnixFileMode mode)
        {
            Check(relativePath);
            Assert.Equal((UnixFileMode)0, mode & ~(UnixFileMode)0x1FF);
            return new CountingStream(this);
        }

        public FileFault? Commit(CancellationToken cancellationToken)
        {
            IsCommitted = true;
            return null;
        }

        public void Dispose()
        {
        }

        private void Check(string path)
        {
            Assert.True(_names.Add(path), $"'{path}' came twice");
            Assert.All(path.Split('/'), part => Assert.False(part is "" or "." or ".." || part.StartsWith(".lm-staging", StringComparison.Ordinal), path));
            Assert.False(path.Contains('\\', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal), path);
        }

        private sealed class CountingStream(WatchfulTree tree) : MemoryStream
        {
            public override void Write(ReadOnlySpan<byte> buffer) => tree.Written += buffer.Length;

            public override void Write(byte[] buffer, int offset, int count) => tree.Written += count;
        }
    }
}
