using CsCheck;
using Luminarys.Permissions.Commands;

namespace Luminarys.Core.Tests.Permissions.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("git status", "git|status")]
    [InlineData("  git \t status  ", "git|status")]
    [InlineData("git commit -m 'a && b; c > d $(x) `y`'", "git|commit|-m|a && b; c > d $(x) `y`")]
    [InlineData("git commit -m \"say \\\"hi\\\" \\\\ \\n \\t \\u00e9\"", "git|commit|-m|say \"hi\" \\ \n \t é")]
    [InlineData("a\\ b c", "a b|c")]
    [InlineData("a'b'\"c\"d", "abcd")]
    [InlineData("a '' \"\"", "a||")]
    [InlineData("sed 's/\\(x\\)/y/'", "sed|s/\\(x\\)/y/")]
    [InlineData("x \"a\\d\"", "x|a\\d")]
    [InlineData("echo ~ * {a,b}", "echo|~|*|{a,b}")]
    public void TryParse_Words_AreSplitAndNothingIsExpanded(string line, string words)
    {
        Assert.True(CommandLine.TryParse(line, out var arguments, out _));
        Assert.Equal(words.Split('|'), arguments);
    }

    [Fact]
    public void TryParse_PipeInsideOfQuotes_IsText()
    {
        Assert.True(CommandLine.TryParse("grep 'a|b'", out var arguments, out _));
        Assert.Equal(["grep", "a|b"], arguments);
    }

    [Theory]
    [InlineData("a && b")]
    [InlineData("a & b")]
    [InlineData("a; b")]
    [InlineData("a | b")]
    [InlineData("a > b")]
    [InlineData("a < b")]
    [InlineData("a `b`")]
    [InlineData("a $(b)")]
    [InlineData("a $HOME")]
    [InlineData("a (b)")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("git log --format=format:%H %an <%ae>")]
    public void S5_TryParse_OperatorOutsideOfQuotes_IsRefused(string line)
    {
        Assert.False(CommandLine.TryParse(line, out _, out var fault));
        Assert.Contains("outside of quotes", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   ", "empty")]
    [InlineData("a 'b", "not closed")]
    [InlineData("a \"b", "not closed")]
    [InlineData("a \\", "backslash")]
    [InlineData("a \\\n", "backslash")]
    [InlineData("a \0", "NUL")]
    [InlineData("a '\0'", "NUL")]
    [InlineData("a \"\0\"", "NUL")]
    [InlineData("a \"\\u0000\"", "NUL")]
    [InlineData("a \"\\u12\"", "four hexadecimal")]
    public void TryParse_Malformed_SaysWhy(string line, string fault)
    {
        Assert.False(CommandLine.TryParse(line, out _, out var reason));
        Assert.Contains(fault, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_TooLong_IsRefused()
    {
        Assert.False(CommandLine.TryParse(new string('a', 65537), out _, out _));
        Assert.False(CommandLine.TryParse(string.Join(' ', Enumerable.Repeat("a", 4097)), out _, out _));
    }

    [Fact]
    public void S5_Format_AnyWords_AreReadBackAsTheSameWords() =>
        Gen.Char[' ', '~'].Array[0, 12].Select(characters => new string(characters)).Array[1, 6].Sample(words =>
        {
            Assert.True(CommandLine.TryParse(CommandLine.Format(words), out var arguments, out var fault), fault);
            Assert.Equal(words, arguments);
        }, iter: 10_000);
}
