using System.Diagnostics;
using CsCheck;
using Luminarys.Permissions;

namespace Luminarys.Core.Tests.Permissions;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "abc", true)]
    [InlineData("*", "", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("**", "a/b\n/c", true)]
    [InlineData("?", "a", true)]
    [InlineData("?", "/", false)]
    [InlineData("?", "", false)]
    [InlineData("?", "😀", true)]
    [InlineData("??", "😀", false)]
    [InlineData("a?c", "a😀c", true)]
    [InlineData("/a/**/b", "/a/b", true)]
    [InlineData("/a/**/b", "/a/x/y/b", true)]
    [InlineData("/a/**/b", "/ab", false)]
    [InlineData("/a/**/b", "/a/xb", false)]
    [InlineData("/a/**/**/b", "/a/b", true)]
    [InlineData("/a/***/b", "/a/b", true)]
    [InlineData("**/b", "b", true)]
    [InlineData("a**/b", "a/b", true)]
    [InlineData("a**/b", "ab", false)]
    [InlineData("/a/**", "/a", false)]
    [InlineData("/a/**", "/a/", true)]
    [InlineData("a,b", "a,b", true)]
    [InlineData(@"\*\{\\", @"*{\", true)]
    [InlineData(@"\*", "a", false)]
    [InlineData("A", "a", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a|b", "a", false)]
    [InlineData("(a)+$", "(a)+$", true)]
    [InlineData("a", "a\n", false)]
    public void IsMatch_Token_MeansWhatTheLanguageSays(string pattern, string text, bool expected) => AssertBoth(pattern, text, expected);

    [Theory]
    [InlineData("[abc]", "b", true)]
    [InlineData("[abc]", "d", false)]
    [InlineData("[a-c]", "b", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[-a]", "-", true)]
    [InlineData("[!a]", "b", true)]
    [InlineData("[!a]", "a", false)]
    [InlineData("[^a]", "b", true)]
    [InlineData("[!a]", "/", false)]
    [InlineData("[+-9]", "/", false)]
    [InlineData("[+-9]", "5", true)]
    [InlineData("[+-9]", "+", true)]
    [InlineData("[/]", "/", false)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[!]a]", "]", false)]
    [InlineData(@"[\]]", "]", true)]
    [InlineData(@"[a\-c]", "b", false)]
    [InlineData(@"[a\-c]", "-", true)]
    [InlineData("[{,}]", ",", true)]
    [InlineData("[[]", "[", true)]
    [InlineData("[.]", "x", false)]
    [InlineData("[\\d]", "5", false)]
    [InlineData("[😀-😂]", "😁", true)]
    [InlineData("[😀-😂]", "😃", false)]
    [InlineData("[!😀]", "😁", true)]
    [InlineData("[!😀]", "😀", false)]
    [InlineData("[a-😀]", "😀", true)]
    [InlineData("[a-😀]", "😁", false)]
    [InlineData("[!a]", "😀", true)]
    public void IsMatch_Class_MatchesItsCharactersOnly(string pattern, string text, bool expected) => AssertBoth(pattern, text, expected);

    [Theory]
    [InlineData("{a,b}", "b", true)]
    [InlineData("{a,b}", "{a,b}", false)]
    [InlineData("x{,y}", "x", true)]
    [InlineData("x{}y", "xy", true)]
    [InlineData("{a,{b,c}d}", "cd", true)]
    [InlineData("{a,{b,c}d}", "c", false)]
    [InlineData("*{*,x}", "a/b", true)]
    [InlineData("/a{/**,}/b", "/a/b", true)]
    [InlineData("/a/{**,x}/b", "/a/b", true)]
    [InlineData("/a{/,x}**/b", "/a/b", true)]
    [InlineData("/a{x}**/b", "/a/b", false)]
    [InlineData("x{**/,}y", "xy", true)]
    [InlineData("x{**/}y", "xy", false)]
    [InlineData(@"{\,,b}", ",", true)]
    public void IsMatch_Braces_AreWrittenOutFirst(string pattern, string text, bool expected) => AssertBoth(pattern, text, expected);

    [Theory]
    [InlineData("a*", "ABC", true)]
    [InlineData("[a]", "A", true)]
    [InlineData("[!a]", "A", false)]
    [InlineData("/Data/**", "/data/X", true)]
    [InlineData("i", "İ", false)]
    public void IsMatch_IgnoringCase_MatchesBoth(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Glob.Parse(pattern, ignoreCase: true).IsMatch(text));

    [Fact]
    public void IsMatch_AnyPatternAndText_AgreesWithTheSlowMatcher()
    {
        var text = OneOf("a", "b", "c", "/", "/", ",", "-", "*", "😀", "\n").Array[0, 8].Select(string.Concat);
        var leaf = OneOf("a", "b", "/", "/", "*", "*", "**", "/**/", "?", "\\*", "\\a", "[ab]", "[!a]", "[a-c]", "[b-😀]", "[!😀]", "[]-]", "-", "😀");
        var flat = leaf.Array[0, 5].Select(string.Concat);
        var group = flat.Array[1, 3].Select(parts => $"{{{string.Join(',', parts)}}}");
        var nested = Gen.Select(flat, group).Array[1, 2].Select(parts => $"{{{string.Join(',', parts.Select(part => part.Item1 + part.Item2))}}}");
        var pattern = Gen.OneOf(flat, Gen.Select(flat, group, flat, (a, b, c) => a + b + c), Gen.Select(flat, nested, group, (a, b, c) => a + b + c));

        Gen.Select(pattern, text.Array[8]).Sample(
            (p, texts) =>
            {
                var glob = Glob.Parse(p);
                foreach (var t in texts)
                {
                    Assert.True(SlowGlob.IsMatch(p, t) == glob.IsMatch(t), $"'{p}' on '{t}'");
                }
            },
            iter: 3_000);
    }

    [Fact]
    public void IsMatch_EscapedText_MatchesItselfOnly() => Gen.Select(AnyText, AnyText).Sample(
        (text, other) =>
        {
            var glob = Glob.Parse(Glob.Escape(text));
            Assert.True(glob.IsMatch(text));
            Assert.Equal(text == other, glob.IsMatch(other));
            Assert.True(Glob.TryGetLiteral(glob.Pattern, out var literal));
            Assert.Equal(text, literal);
        },
        iter: 1_000);

    [Theory]
    [InlineData("[", "'['")]
    [InlineData("[]", "'['")]
    [InlineData("[!]", "'['")]
    [InlineData("[a\\]", "'['")]
    [InlineData("[a\\", "'['")]
    [InlineData("[z-a]", "backwards")]
    [InlineData("[😁-😀]", "backwards")]
    [InlineData("{a", "'{'")]
    [InlineData("{a,{b}", "'{'")]
    [InlineData("a}", "'}'")]
    [InlineData("a\\", "backslash")]
    public void TryParse_Malformed_SaysWhatIsWrong(string pattern, string expected)
    {
        Assert.False(Glob.TryParse(pattern, false, out _, out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Glob.Parse(pattern));
    }

    [Fact]
    public void TryParse_AnyText_NeverThrows() => AnyText.Sample(
        text => Assert.Equal(Glob.TryParse(text, false, out _, out _), Glob.TryExpand(text, out _, out _)),
        iter: 10_000);

    [Theory]
    [InlineData("{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}", 256)]
    [InlineData("{{1,2}{1,2}{1,2}{1,2},{1,2}{1,2}{1,2}{1,2}}{1,2}{1,2}{1,2}", 256)]
    [InlineData("{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2,3}", 0)]
    [InlineData("{{1,2}{1,2}{1,2}{1,2},{1,2}{1,2}{1,2}{1,2},3}{1,2}{1,2}{1,2}", 0)]
    public void TryExpand_Braces_StandForAtMost256Alternatives(string pattern, int expected)
    {
        Glob.TryExpand(pattern, out var alternatives, out _);

        Assert.Equal(expected, alternatives.Length);
    }

    [Fact]
    public void TryExpand_Alternatives_KeepTheirOrderAndEscapes()
    {
        Assert.True(Glob.TryExpand(@"a{b,\,{c,d}}[{]", out var alternatives, out _));
        Assert.Equal(["ab[{]", @"a\,c[{]", @"a\,d[{]"], alternatives);
    }

    public static TheoryData<string> HostileTexts =>
    [
        string.Concat(Enumerable.Repeat("{a,b}", 800)),
        new string('{', 2048) + new string('}', 2048),
        string.Concat(Enumerable.Repeat("{", 16)) + new string(',', 4000) + new string('}', 16),
        string.Concat(Enumerable.Repeat("{a}", 1365)),
        "{" + string.Join(',', Enumerable.Repeat(new string('a', 14), 256)) + "}" + new string('b', 200),
        string.Concat(Enumerable.Repeat("{1,2}", 8)) + new string('x', 4000),
        new string('a', Glob.MaxLength + 1),
        new string('[', Glob.MaxLength),
        new string('?', Glob.MaxLength),
        new string('*', Glob.MaxLength),
        string.Concat(Enumerable.Repeat("[!a-😀]", 585)),
        string.Concat(Enumerable.Repeat("**a", 1365)),
        string.Concat(Enumerable.Repeat("*a", 2048)),
        string.Concat(Enumerable.Repeat("**/", 1365)),
        string.Concat(Enumerable.Repeat("*?", 2048)),
        string.Concat(Enumerable.Repeat("{1,2}", 8)) + string.Concat(Enumerable.Repeat("**a", 70)),
    ];

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void S10_HostilePattern_IsRefusedOrMatchesInBoundedTime(string pattern)
    {
        var start = Stopwatch.GetTimestamp();

        if (Glob.TryParse(pattern, false, out var glob, out _))
        {
            glob.IsMatch(new string('a', 4096));
            glob.IsMatch(string.Concat(Enumerable.Repeat("a/", 2048)) + "b");
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), $"{Stopwatch.GetElapsedTime(start)}");
    }

    private static Gen<string> AnyText { get; } = OneOf("a", "b", "[", "]", "{", "}", ",", "\\", "!", "^", "*", "?", "/", "-", "😀", "\ud83d").Array[0, 30].Select(string.Concat);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static void AssertBoth(string pattern, string text, bool expected)
    {
        Assert.Equal(expected, SlowGlob.IsMatch(pattern, text));
        Assert.Equal(expected, Glob.Parse(pattern).IsMatch(text));
    }
}
