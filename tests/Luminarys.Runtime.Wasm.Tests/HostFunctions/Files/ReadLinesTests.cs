using System.Text;
using Luminarys.Runtime.Wasm.HostFunctions.Files;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Files;

public sealed class ReadLinesTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\n\n", new[] { "a", "" })]
    [InlineData("a\r\nb\r\r\nc\rd", new[] { "a", "b\r", "c\rd" })]
    [InlineData("\uFEFFa\n\uFEFFb", new[] { "a", "\uFEFFb" })]
    [InlineData("\uFEFF", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("é😀\nz", new[] { "é😀", "z" })]
    public async Task ReadLines_All_AnswersEachLine(string text, string[] lines)
    {
        await using var stage = new FileStage();
        stage.With("a", text);

        var answer = stage.Do("fs_read_lines", ("path", stage.PathOf("a")), ("offset", 0), ("limit", 0));

        Assert.Equal(lines, ((object[])answer["lines"]).Cast<string>());
        Assert.Equal(lines.Length, Number(answer, "total_lines"));
        Assert.False((bool)answer["is_truncated"]);
    }

    [Theory]
    [InlineData(1, 2, new[] { "b", "c" }, 1, true)]
    [InlineData(0, 1, new[] { "a" }, 0, true)]
    [InlineData(2, 2, new[] { "c", "d" }, 2, false)]
    [InlineData(3, 0, new[] { "d" }, 3, false)]
    [InlineData(9, 1, new string[0], 9, false)]
    [InlineData(-5, -1, new[] { "a", "b", "c", "d" }, 0, false)]
    [InlineData(1, long.MaxValue, new[] { "b", "c", "d" }, 1, false)]
    [InlineData(long.MaxValue, 1, new string[0], long.MaxValue, false)]
    public async Task ReadLines_Window_TellsTheWholeNumber(long offset, long limit, string[] lines, long echoed, bool isTruncated)
    {
        await using var stage = new FileStage();
        stage.With("a", "a\nb\nc\nd\n");

        var answer = stage.Do("fs_read_lines", ("path", stage.PathOf("a")), ("offset", offset), ("limit", limit));

        Assert.Equal(lines, ((object[])answer["lines"]).Cast<string>());
        Assert.Equal((4, echoed, isTruncated), (Number(answer, "total_lines"), Number(answer, "offset"), (bool)answer["is_truncated"]));
    }

    [Theory]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(200_000)]
    public async Task ReadLines_CharactersAcrossChunks_StayWhole(int length)
    {
        await using var stage = new FileStage();
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append("aé€😀\r\n"[(text.Length % 3)..]);
        }

        stage.With("a", text.ToString());

        var answer = stage.Do("fs_read_lines", ("path", stage.PathOf("a")));

        Assert.Equal(text.ToString().Split("\r\n")[..^1], ((object[])answer["lines"]).Cast<string>());
    }

    [Theory]
    [InlineData(0, new byte[] { (byte)'a', 0 })]
    [InlineData(8191, new byte[] { 0 })]
    [InlineData(100_000, new byte[] { 0xff })]
    [InlineData(65_535, new byte[] { 0xe2, 0x82 })]
    [InlineData(10, new byte[] { 0xc3, (byte)'\n' })]
    [InlineData(10, new byte[] { 0xed, 0xa0, 0x80 })]
    public async Task ReadLines_Binary_IsAnError(int before, byte[] tail)
    {
        await using var stage = new FileStage();
        stage.With("a", [.. Enumerable.Repeat((byte)'x', before), .. tail]);

        Assert.Equal($"not a text file: {stage.PathOf("a")}", stage.Fail("fs_read_lines", ("path", stage.PathOf("a")), ("limit", 1)));
    }

    [Fact]
    public async Task ReadLines_NulBehindTheHead_IsText()
    {
        await using var stage = new FileStage();
        stage.With("a", new string('x', 8192) + "\0");

        Assert.Equal(1, Number(stage.Do("fs_read_lines", ("path", stage.PathOf("a"))), "total_lines"));
    }

    [Fact]
    public async Task ReadLines_MoreThanTheGuestTakes_IsRefusedButCanBeReadInParts()
    {
        await using var stage = new FileStage(maxAnswerBytes: 1000);
        stage.With("a", string.Concat(Enumerable.Repeat("0123456789\n", 1000)));

        Assert.StartsWith("too large: ", stage.Fail("fs_read_lines", ("path", stage.PathOf("a"))), StringComparison.Ordinal);
        Assert.Equal(1000, Number(stage.Do("fs_read_lines", ("path", stage.PathOf("a")), ("offset", 500), ("limit", 50)), "total_lines"));
    }

    [Fact]
    public async Task ReadLines_LargeFile_KeepsOnlyTheWindow()
    {
        await using var stage = new FileStage();
        stage.With("a", string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 200_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var answer = stage.Do("fs_read_lines", ("path", stage.PathOf("a")), ("limit", 1));

        Assert.Equal(200_000, Number(answer, "total_lines"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Fact]
    public async Task ReadLines_SlowFile_EndsInTime()
    {
        await using var stage = new FileStage(limits: SearchLimits.Standard with { Time = TimeSpan.Zero });
        stage.With("a", "x\n");

        Assert.Equal("timeout after 0 ms", stage.Fail("fs_read_lines", ("path", stage.PathOf("a"))));
    }

    [Fact]
    public async Task ReadLines_UnfitPath_IsAnError()
    {
        await using var stage = new FileStage();

        Assert.Equal($"not found: {stage.PathOf("none")}", stage.Fail("fs_read_lines", ("path", stage.PathOf("none"))));
        Assert.Equal($"is a directory: {stage.Root}", stage.Fail("fs_read_lines", ("path", stage.Root)));
    }

    private static long Number(Dictionary<object, object> answer, string key) => Convert.ToInt64(answer[key], null);
}
