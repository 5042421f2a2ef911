using Luminarys.Diagnostics;

namespace Luminarys.Core.Tests.Diagnostics;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\nb\r\tc", "a\\nb\\r\\tc")]
    [InlineData("\u001b[2J", "\\e[2J")]
    [InlineData("\u0000\u009b", "\\u{0}\\u{9b}")]
    [InlineData("\u202egpj", "\\u{202e}gpj")]
    [InlineData("a\u2028b", "a\\u{2028}b")]
    [InlineData("grün 😀", "grün 😀")]
    public void Visible_Characters_CannotDriveATerminalOrForgeALine(string text, string expected) => Assert.Equal(expected, LogText.Visible(text, 100));

    [Theory]
    [InlineData("abcdef", "abc")]
    [InlineData("ab\nc", "ab")]
    [InlineData("ab😀", "ab")]
    public void Visible_LongText_EndsBeforeACharacterThatDoesNotFit(string text, string expected) => Assert.Equal(expected, LogText.Visible(text, 3));
}
