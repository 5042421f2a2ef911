using System.Text;
using CsCheck;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

public sealed class OutputCollectorTests
{
    [Fact]
    public void Write_RandomPieces_RingKeepsTheLastBytes() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Byte.Array[0, 3000].Array[0, 12]).Sample((capacity, pieces) =>
        {
            var ring = new ByteRing(capacity);
            foreach (var piece in pieces)
            {
                ring.Write(piece);
            }

            byte[] all = [.. pieces.SelectMany(piece => piece)];
            Assert.Equal(all[^Math.Min(capacity, all.Length)..], ring.ToArray());
            Assert.Equal(Math.Max(0, all.Length - capacity), ring.Dropped);
        });

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Finish_LessThanIsKept_IsEverythingOrItsLastLines(long tail)
    {
        var collector = Make(tail, 256 * 1024);
        var lines = Enumerable.Range(0, 1000).Select(i => $"line {i}\n").ToArray();
        foreach (var line in lines)
        {
            collector.Write(Encoding.UTF8.GetBytes(line));
        }

        Assert.Equal(string.Concat(tail == 0 ? lines : lines[^3..]), collector.Finish());
    }

    [Fact]
    public void S8_Finish_MoreThanIsKept_HasBeginningNoteAndWholeLastLines()
    {
        var collector = Make(tail: 0, kept: 256 * 1024);
        for (var i = 0; i < 100_000; i++)
        {
            collector.Write(Encoding.UTF8.GetBytes($"line {i}\n"));
        }

        var output = collector.Finish();

        Assert.StartsWith("line 0\nline 1\n", output, StringComparison.Ordinal);
        Assert.EndsWith("line 99998\nline 99999\n", output, StringComparison.Ordinal);
        Assert.InRange(output.Length, 250 * 1024, 256 * 1024 + 100);
        var lines = output.Split('\n');
        var note = Array.FindIndex(lines, line => line.EndsWith("left out here]", StringComparison.Ordinal));
        Assert.Matches("^line [0-9]{5}$", lines[note + 1]);
    }

    [Fact]
    public void S8_Write_EmptyLinesWithoutEnd_CostNoMoreThanIsKept()
    {
        var collector = Make(tail: 1, kept: OutputCollector.Kept);
        var piece = new byte[64 * 1024];
        Array.Fill(piece, (byte)'\n');
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1024; i++)
        {
            collector.Write(piece);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L * OutputCollector.Kept);
    }

    private static OutputCollector Make(long tail, int kept) => new(null, new MatchBudget(TimeProvider.System, RegexDefences.All), tail, kept);
}
