using CsCheck;
using Luminarys.Manifests.Validation;

namespace Luminarys.Manifests.Tests.Validation;

public sealed class GlobRulesTests
{
    [Theory]
    [InlineData("**")]
    [InlineData("/a/*/b?.[a-z]")]
    [InlineData("[]a]")]
    [InlineData("[!]a]")]
    [InlineData("[\\]]")]
    [InlineData("{a,{b,c}d,}")]
    [InlineData("\\{\\[")]
    [InlineData("a,b")]
    [InlineData("[{]")]
    public void Pattern_WellFormed_IsAccepted(string pattern) => Assert.Null(GlobRules.Pattern(pattern, out _));

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[!]")]
    [InlineData("[a\\]")]
    [InlineData("{a")]
    [InlineData("{a,{b}")]
    [InlineData("a}")]
    [InlineData("a\\")]
    [InlineData("a\nb")]
    public void Pattern_Malformed_IsRefused(string pattern) => Assert.NotNull(GlobRules.Pattern(pattern, out _));

    [Theory]
    [InlineData("{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}", true)]
    [InlineData("{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2,3}", false)]
    [InlineData("{{1,2}{1,2}{1,2}{1,2},{1,2}{1,2}{1,2}{1,2}}{1,2}{1,2}{1,2}", true)]
    [InlineData("{{1,2}{1,2}{1,2}{1,2},{1,2}{1,2}{1,2}{1,2},3}{1,2}{1,2}{1,2}", false)]
    public void Pattern_Braces_StandForAtMost256Alternatives(string pattern, bool isAccepted) =>
        Assert.Equal(isAccepted, GlobRules.Pattern(pattern, out _) is null);

    [Fact]
    public void Pattern_HostileBraces_AreRefusedQuickly()
    {
        Assert.NotNull(GlobRules.Pattern(string.Concat(Enumerable.Repeat("{a,b}", 800)), out _));
        Assert.NotNull(GlobRules.Pattern(new string('{', 2000) + new string('}', 2000), out _));
        Assert.NotNull(GlobRules.Pattern(new string('a', 4097), out _));
    }

    [Fact]
    public void Pattern_AnyText_NeverThrows() =>
        Gen.String[Gen.Char["ab[]{},\\!^*?/"], 0, 40].Sample(text => GlobRules.Pattern(text, out _), iter: 10_000);
}
