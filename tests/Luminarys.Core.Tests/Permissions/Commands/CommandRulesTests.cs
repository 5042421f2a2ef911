using System.Collections.Immutable;
using CsCheck;
using Luminarys.Permissions;
using Luminarys.Permissions.Commands;

namespace Luminarys.Core.Tests.Permissions.Commands;

public sealed class CommandRulesTests
{
    [Theory]
    [InlineData("git **", "git", true)]
    [InlineData("git **", "git log --oneline a/b", true)]
    [InlineData("git **", "gitx log", false)]
    [InlineData("git **", "'git log'", false)]
    [InlineData("git **", "/usr/bin/git log", false)]
    [InlineData("go *", "go build", true)]
    [InlineData("go *", "go", false)]
    [InlineData("go *", "go build x", false)]
    [InlineData("go *", "go ./cmd", false)]
    [InlineData("python -m venv .venv", "python -m venv .venv", true)]
    [InlineData("python -m venv .venv", "python -m venv '.venv '", false)]
    [InlineData("python -m venv .venv", "python '-m venv' .venv", false)]
    [InlineData(".venv/bin/python **", ".venv/bin/python -c 'print(1)'", true)]
    [InlineData(".venv/bin/python **", ".venv/bin/python3 -c x", false)]
    [InlineData("./**", "./app -port 8080", true)]
    [InlineData("./**", "./bin/app", true)]
    [InlineData("./**", "./../app", false)]
    [InlineData("./**", "app", false)]
    [InlineData("**", "anything at all", true)]
    [InlineData("**", "../app", false)]
    [InlineData("{cat,ls} **", "ls -l", true)]
    [InlineData("{cat,ls} **", "rm -l", false)]
    [InlineData("git log **", "git status", false)]
    [InlineData("ls -[la]", "ls -a", true)]
    [InlineData("echo a\\**", "echo 'a*b'", true)]
    [InlineData("echo a\\**", "echo 'a*b' c", false)]
    [InlineData("echo a\\\\**", "echo 'a\\b' c", true)]
    public void S5_Judge_Pattern_MatchesWordByWord(string pattern, string line, bool isAllowed)
    {
        Assert.True(CommandLine.TryParse(line, out var arguments, out _));

        Assert.Equal(isAllowed, new CommandRules(new ShellPermission([pattern], [])).Judge(arguments).IsAllowed);
    }

    [Fact]
    public void S5_Judge_NoGrantOrEmptyList_DeniesAndSaysWhatWouldAllow()
    {
        var none = new CommandRules(null).Judge(["git", "log"]);
        var empty = new CommandRules(new ShellPermission([], [])).Judge(["git", "log"]);

        Assert.Equal((false, "permissions.shell is not enabled"), (none.IsAllowed, none.Rule));
        Assert.Contains("git **", none.Remedy, StringComparison.Ordinal);
        Assert.Equal((false, "permissions.shell.allowlist is empty"), (empty.IsAllowed, empty.Rule));
    }

    [Fact]
    public void S5_Judge_WordsOfManyShapes_AgreeWithASlowReference() =>
        Gen.Select(Gen.Char["ab/*-"].Array[1, 4].Select(text => new string(text)).Array[1, 4], Gen.Char["ab/-"].Array[1, 4].Select(text => new string(text)).Array[1, 5])
            .Sample((pattern, words) =>
            {
                if (!CommandPattern.TryParse(string.Join(' ', pattern), out var parsed, out _))
                {
                    return;
                }

                Assert.Equal(Matches(pattern, words), parsed.IsMatch([.. words]));
            }, iter: 10_000);

    // By trying every way to cut; '*' stops at '/', '**' does not, and '**/' may stand for nothing.
    private static bool Matches(string[] pattern, string[] words)
    {
        var takesRest = pattern[^1].EndsWith("**", StringComparison.Ordinal);
        var compared = pattern[^1] == "**" ? pattern[..^1] : pattern;
        return words.Length >= compared.Length
            && (takesRest || words.Length == compared.Length)
            && compared.Zip(words).All(pair => MatchesWord(pair.First, pair.Second));
    }

    private static bool MatchesWord(string pattern, string text, bool atSegmentStart = true)
    {
        if (pattern.Length == 0)
        {
            return text.Length == 0;
        }

        if (pattern[0] != '*')
        {
            return text.Length > 0 && text[0] == pattern[0] && MatchesWord(pattern[1..], text[1..], text[0] == '/');
        }

        var stars = pattern.TakeWhile(character => character == '*').Count();
        var rest = pattern[stars..];
        if (stars > 1 && rest.StartsWith('/') && atSegmentStart)
        {
            return MatchesWord(rest[1..], text)
                || Enumerable.Range(0, text.Length).Any(cut => text[cut] == '/' && MatchesWord(rest[1..], text[(cut + 1)..]));
        }

        return Enumerable.Range(0, text.Length + 1)
            .TakeWhile(cut => stars > 1 || cut == 0 || text[cut - 1] != '/')
            .Any(cut => MatchesWord(rest, text[cut..], atSegmentStart: false));
    }
}
