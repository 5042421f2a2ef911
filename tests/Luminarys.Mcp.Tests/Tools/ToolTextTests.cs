using System.Text;

namespace Luminarys.Mcp.Tools;

public sealed class ToolTextTests
{
    [Theory]
    [InlineData("plain text,\n\twith lines — and ünïcode 漢字 😀", "plain text,\n\twith lines — and ünïcode 漢字 😀")]
    [InlineData("a\u0000b\u001bc\u007fd\u0085e\r", "abcde")]
    [InlineData("a\u202eb\u2066c\u200fd", "abcd")]
    [InlineData("a\u200bb\u200dc\ufeffd\u2060e\u00adf", "abcdef")]
    [InlineData("a\U000E0041\U000E0042b", "ab")]
    [InlineData("a\ufe0fb\U000E0100c", "abc")]
    [InlineData("a\u2028b\u2029c", "abc")]
    public void Clean_Text_LosesWhatCannotBeSeen(string text, string expected) => Assert.Equal(expected, ToolText.Clean(text));

    [Fact]
    public void Clean_HalfASurrogatePair_BecomesAReplacementCharacter() =>
        Assert.Equal("a\ufffdb", ToolText.Clean("a\u200b\ud800b"));

    [Fact]
    public void CleanDescription_TooLong_IsCutAtACharactersBorder()
    {
        var cut = ToolText.CleanDescription("x" + string.Concat(Enumerable.Repeat("😀", 2000)));

        Assert.Equal(1 + (1023 * 4), Encoding.UTF8.GetByteCount(cut));
        Assert.EndsWith("😀", cut, StringComparison.Ordinal);
    }
}
