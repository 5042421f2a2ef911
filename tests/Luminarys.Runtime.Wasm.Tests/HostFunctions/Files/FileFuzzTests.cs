using System.Diagnostics;
using System.Globalization;
using System.Text;
using MessagePack;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Files;

/// <summary>Hostile bytes at every function. A request that once did harm stays in <c>tests/assets/corpus/fs</c>.</summary>
public sealed class FileFuzzTests
{
    private const int Seed = 20260101;

    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture));

    // No act may be slower: a longer one would hold up the cancellation of its call.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Functions => FileFunctionsTests.AllFunctions;

    public static TheoryData<string> Corpus =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "assets", "corpus", "fs")).Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task S9_SavedRequest_AnswersInTime(string file)
    {
        await using var stage = Fill();
        var request = Convert.FromHexString(
            string.Concat(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "assets", "corpus", "fs", file)).Where(line => !line.StartsWith('#'))));
        foreach (var function in Functions.Select(row => row.Data))
        {
            Send(stage, function, request);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task S9_HostileRequest_IsAnsweredAndThrowsNothing(string function)
    {
        await using var stage = Fill();
        var beside = $"{stage.Root}.beside";
        await File.WriteAllTextAsync(beside, "keep", TestContext.Current.CancellationToken);
        var random = new Random(Seed);
        byte[][] seeds = [.. FileGoldenTests.Requests.Where(golden => golden.Function == function).Select(golden => golden.Request), [0x80], []];
        var clock = Stopwatch.StartNew();
        var count = 0;
        for (; clock.Elapsed < s_duration || count < 100; count++)
        {
            var request = random.Next(3) switch
            {
                0 => Mutate(seeds[random.Next(seeds.Length)], random),
                1 => Invent(stage, random),
                _ => RandomBytes(random),
            };
            Send(stage, function, request);
        }

        Assert.Equal("keep", await File.ReadAllTextAsync(beside, TestContext.Current.CancellationToken));
        File.Delete(beside);
    }

    private static void Send(FileStage stage, string function, byte[] request)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            Assert.NotEmpty(stage.Send(function, request));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{function} of {Convert.ToHexStringLower(request)}, seed {Seed}", exception);
        }

        Assert.True(Stopwatch.GetElapsedTime(started) < s_longest, $"{function} of {Convert.ToHexStringLower(request)} took too long");
    }

    private static FileStage Fill()
    {
        var stage = new FileStage();
        return stage.With("a.txt", "hello\n").With("src/a/b.go", "// TODO é😀\n").With("binary", [0, 1, 2]).With(".hidden/x");
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(64)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(8)));
                    break;
            }
        }

        return [.. bytes];
    }

    // A map with the right keys and values of any kind.
    private static byte[] Invent(FileStage stage, Random random)
    {
        string[] keys =
        [
            "path", "content", "long", "mode", "recursive", "offset", "limit", "pattern", "fixed", "case_insensitive", "with_lines", "filename_only", "include",
            "exclude", "ignore_dirs", "max_count", "max_depth", "workers", "type_filter", "patterns", "only_files", "only_dirs", "match_hidden", "source", "dest",
        ];
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        var count = random.Next(8);
        writer.WriteMapHeader(count);
        for (; count > 0; count--)
        {
            writer.Write(keys[random.Next(keys.Length)]);
            WriteValue(ref writer, stage, random, 0);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteValue(ref MessagePackWriter writer, FileStage stage, Random random, int depth)
    {
        switch (random.Next(depth > 3 ? 8 : 10))
        {
            case 0:
                writer.WriteNil();
                break;
            case 1:
                writer.Write(random.Next(2) == 0);
                break;
            case 2:
                writer.Write(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
                break;
            case 3:
                writer.Write(random.Next(2) == 0 ? double.NaN : random.NextDouble() * 1e30);
                break;
            case 4:
                writer.Write(ulong.MaxValue);
                break;
            case 5:
                writer.Write(RandomBytes(random));
                break;
            case 6:
                writer.Write(PathOf(stage, random));
                break;
            case 7:
                writer.Write(TextOf(random));
                break;
            case 8:
                var items = random.Next(4);
                writer.WriteArrayHeader(items);
                for (; items > 0; items--)
                {
                    WriteValue(ref writer, stage, random, depth + 1);
                }

                break;
            default:
                writer.WriteMapHeader(1);
                WriteValue(ref writer, stage, random, depth + 1);
                WriteValue(ref writer, stage, random, depth + 1);
                break;
        }
    }

    private static string PathOf(FileStage stage, Random random)
    {
        string[] tails = ["", "/a.txt", "/src", "/src/a/b.go", "/none", "/../x", "/.hidden", "/binary", "/{a,b}/{c,d}", "//src/./", "/\0", "/..", ".beside", "/new/x/y"];
        return stage.Root + tails[random.Next(tails.Length)];
    }

    private static string TextOf(Random random)
    {
        const string Alphabet = "ab*?[]{}(),|+\\^$./!-😀é\0\n";
        var text = new StringBuilder();
        for (var length = random.Next(24); length > 0; length--)
        {
            text.Append(Alphabet[random.Next(Alphabet.Length)]);
        }

        return text.ToString();
    }
}
