using System.Diagnostics;
using System.Globalization;
using Luminarys.Runtime.Wasm.HostFunctions;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

public sealed class GuestRegexTests
{
    [Theory]
    [InlineData("a.c", "xabc", "1-4")]
    [InlineData("(?P<first>a)(?<second>b)", "ab", "0-2")]
    [InlineData(@"b\z", "ab", "1-2")]
    [InlineData(@"\Ab", "ab", "")]
    [InlineData(@"\Qa.b\E+", "a.bbb a.b", "0-5,6-9")]
    [InlineData(@"\Q(", "a(", "1-2")]
    [InlineData("[[:alpha:]]+", "1ab2é", "1-3")]
    [InlineData("[[:^alpha:]]+", "ab12", "2-4")]
    [InlineData("[[:word:][:space:]]+", "-a_1 b-", "1-6")]
    [InlineData("[^[:punct:]]+", "!ab?", "1-3")]
    [InlineData(@"\d+", "1٣2", "0-1,2-3")]
    [InlineData(@"\w+", "aéb", "0-1,2-3")]
    [InlineData(@"\s", "a\u00a0b c", "3-4")]
    [InlineData(@"[\D]", "1a", "1-2")]
    [InlineData(@"[^\D]", "1a", "0-1")]
    [InlineData(@"\pL+", "1é2", "1-2")]
    [InlineData(@"\p{Lu}", "aÉ", "1-2")]
    [InlineData(@"\P{L}+", "é12", "1-3")]
    [InlineData(@"\p{^L}+", "é12", "1-3")]
    [InlineData(@"\p{Cyrillic}+", "a привет", "2-8")]
    [InlineData(@"[\p{Greek}\d]+", "aλ1", "1-3")]
    [InlineData("(?i)straße", "STRAßE", "0-6")]
    [InlineData("a(?i)b|c", "aB C", "0-2,3-4")]
    [InlineData("(?i:a)b", "Ab aB", "0-2")]
    [InlineData("(?i)a(?-i)b", "Ab AB", "0-2")]
    [InlineData("a+?", "aa", "0-1,1-2")]
    [InlineData("(?U)a+", "aa", "0-1,1-2")]
    [InlineData("(?U)a+?", "aa", "0-2")]
    [InlineData("(?s).+", "ab", "0-2")]
    [InlineData("(?m)^a$", "a", "0-1")]
    [InlineData("x{2,3}", "xxxxx", "0-3,3-5")]
    [InlineData("x{2,}", "xxxxx", "0-5")]
    [InlineData("x{2}", "xxxxx", "0-2,2-4")]
    [InlineData("f(){", "f(){", "")]
    [InlineData(@"f\(\){", "f(){", "0-4")]
    [InlineData("x{,2}", "x{,2}", "0-5")]
    [InlineData("x{a}", "x{a}", "0-4")]
    [InlineData(@"\x41\x{42}\103\t", "ABC\t", "0-4")]
    [InlineData(@"[\x41-\x{43}]+", "ABCD", "0-3")]
    [InlineData("[]a]+", "]a[", "0-2")]
    [InlineData("[^]a]+", "]a[", "2-3")]
    [InlineData("[a-]+", "a-b", "0-2")]
    [InlineData("[a-z-[aeiou]]+", "b]e]", "0-2,2-4")]
    [InlineData(@"[\[\]]+", "a[]", "1-3")]
    [InlineData("[^a&&b]", "&", "")]
    [InlineData("😀+", "a😀😀", "1-5")]
    [InlineData("[😀-😂a]+", "😁a😃", "0-3")]
    [InlineData(@"\x{1F600}", "😀", "0-2")]
    [InlineData("#  a", "#  a", "0-4")]
    [InlineData("a||b", "b", "0-0,1-1")]
    [InlineData("", "ab", "0-0,1-1,2-2")]
    [InlineData("b*", "abb", "0-0,1-3")]
    [InlineData(@"\bfoo\b", "foo food", "0-3")]
    [InlineData(@"\*\.\/\-\_", "*./-_", "0-5")]
    [InlineData("(|a)+", "aa", "0-0,1-1,2-2")]
    public void FindAll_Re2Syntax_FindsWhatRe2Finds(string pattern, string text, string expected) => Assert.Equal(expected, Find(pattern, text));

    [Theory]
    [InlineData("a(?=b)")]
    [InlineData("a(?!b)")]
    [InlineData("(?<=a)b")]
    [InlineData("(?<!a)b")]
    [InlineData("(?>a)")]
    [InlineData("(?(1)a|b)")]
    [InlineData("(?#comment)")]
    [InlineData("(?P=name)")]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?P<n>a)\k<n>")]
    [InlineData(@"\8")]
    [InlineData(@"\Z")]
    [InlineData(@"\G")]
    [InlineData(@"\C")]
    [InlineData(@"\R")]
    [InlineData(@"\u0041")]
    [InlineData(@"\cA")]
    [InlineData(@"\p{Klingon}")]
    [InlineData(@"\p{IsGreek}")]
    [InlineData("x{1001}")]
    [InlineData("(x{100}){11}")]
    [InlineData("((x{10}){10}){11}")]
    [InlineData("[^😀]")]
    public void TryParse_WhatLinearTimeCannot_IsUnsupported(string pattern) =>
        Assert.StartsWith("pattern unsupported: ", FaultOf(pattern), StringComparison.Ordinal);

    [Theory]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[")]
    [InlineData("*a")]
    [InlineData("a|*")]
    [InlineData("a**")]
    [InlineData("a*+")]
    [InlineData("a{2}{3}")]
    [InlineData("x{3,2}")]
    [InlineData("[z-a]")]
    [InlineData(@"[a-\d]")]
    [InlineData("[[:nope:]]")]
    [InlineData(@"\x4")]
    [InlineData(@"\x{110000}")]
    [InlineData(@"\x{")]
    [InlineData("a\\")]
    [InlineData("(?P<>a)")]
    [InlineData("(?P<n a)")]
    [InlineData("(?z)a")]
    [InlineData("(?i")]
    [InlineData(@"\p")]
    [InlineData(@"\p{}")]
    [InlineData("(?P<a-b>a)")]
    public void TryParse_WrongPattern_IsInvalid(string pattern) =>
        Assert.StartsWith("invalid argument: grep: ", FaultOf(pattern), StringComparison.Ordinal);

    [Fact]
    public void S10_TryParse_Limits_AreExact()
    {
        Assert.Null(FaultOf(new string('a', 1024)));
        Assert.Equal("invalid argument: grep: longer than 1024 characters", FaultOf(new string('a', 1025)));
        Assert.Null(FaultOf("x{1000}"));
        Assert.Null(FaultOf("(x{10}){100}"));
        Assert.Null(FaultOf(string.Concat(Enumerable.Repeat("(", 100)) + string.Concat(Enumerable.Repeat(")", 100))));
        Assert.NotNull(FaultOf(string.Concat(Enumerable.Repeat("(", 101)) + string.Concat(Enumerable.Repeat(")", 101))));
    }

    [Theory]
    [InlineData(@"(a+)+$")]
    [InlineData(@"(a|aa)+$")]
    [InlineData(@"(a|a?)+$")]
    [InlineData(@"(.*a){12}")]
    [InlineData(@"((a*)*)*b")]
    [InlineData(@"(((((a+)+)+)+)+)+b")]
    [InlineData(@"\w{1,1000}x")]
    [InlineData(@"\w{1,3000}x")]
    [InlineData(@"(\w+\s?){1,200}y")]
    [InlineData(@"[[:alpha:]]{500}[[:alpha:]]{500}z")]
    [InlineData(@"(x+x+)+y|(a?){500}a{400}c")]
    [InlineData(@".*.*.*.*.*.*.*.*=.*")]
    [InlineData(@"(?i)(\pL|\w|\S)*!")]
    public void S10_HostilePattern_EndsWithinTheBudget(string pattern)
    {
        var clock = Stopwatch.StartNew();
        var budget = new MatchBudget(TimeProvider.System, RegexDefences.All);
        var line = new string('a', GuestRegex.MaxLine);
        if (GuestRegex.TryParse("grep", pattern, false, false, RegexDefences.All, out var regex, out var fault))
        {
            for (var i = 0; i < 20 && fault is null; i++)
            {
                fault = regex.FindAll(line, budget, 1000, []);
            }
        }

        // A step may overrun its limit a little, and the machine may be busy: the 5 s of a call and as much again.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, 2 * MatchBudget.Total);
        Assert.True(fault is null || fault.StartsWith("timeout after ", StringComparison.Ordinal) || fault.StartsWith("pattern unsupported", StringComparison.Ordinal), fault);
    }

    [Theory]
    [InlineData(@"(a+)+$")]
    [InlineData(@"(a|aa)+$")]
    [InlineData(@"([a-z]+)*x")]
    public void S10_Cost_IsLinearToTheText(string pattern)
    {
        Assert.True(GuestRegex.TryParse("grep", pattern, false, false, RegexDefences.All with { StepLimit = false, CallLimit = false }, out var regex, out _));
        Measure(regex, 10_000);

        var (little, much) = (Measure(regex, 5_000), Measure(regex, 50_000));

        // Ten times the text. Quadratic cost would be a hundred times; noise on a shared machine is far less than what is left.
        Assert.InRange(much / little, 0, 50);
    }

    [Fact]
    public void S10_Control_WithoutTheLinearEngine_CostExplodes()
    {
        var defences = RegexDefences.All with { Linear = false, StepLimit = false, CallLimit = false };
        Assert.True(GuestRegex.TryParse("grep", "(a|aa)+$", false, false, defences, out var naive, out _));
        Assert.True(GuestRegex.TryParse("grep", "(a|aa)+$", false, false, RegexDefences.All, out var linear, out _));
        Measure(naive, 10);

        // Each character more costs about 1.6 times.
        Assert.True(Measure(naive, 29) > 10 * Measure(naive, 22));
        Assert.True(Measure(linear, 29) < 10 * Measure(linear, 22));
    }

    [Fact]
    public void S10_Control_WithoutTheStepLimit_OneStepGoesOn()
    {
        var open = RegexDefences.All with { Linear = false, StepLimit = false, CallLimit = false };
        var line = new string('a', 33) + "!";
        Assert.True(GuestRegex.TryParse("grep", "(a|aa)+$", false, false, open with { StepLimit = true }, out var limited, out _));
        Assert.True(GuestRegex.TryParse("grep", "(a|aa)+$", false, false, open, out var unlimited, out _));

        Assert.Equal("timeout after 250 ms: the pattern is too slow for this text", limited.FindAny(new string('a', 60) + "!", Budget(open), out _));
        Assert.Null(unlimited.FindAny(line, Budget(open), out _));
    }

    [Fact]
    public void S10_CallLimit_AddsUpAllSteps()
    {
        var clock = new SteppingClock(TimeSpan.FromSeconds(1));
        Assert.True(GuestRegex.TryParse("grep", "a", false, false, RegexDefences.All, out var regex, out _));
        var (budget, open) = (new MatchBudget(clock, RegexDefences.All), new MatchBudget(clock, RegexDefences.All with { CallLimit = false }));

        var answers = Enumerable.Range(0, 6).Select(_ => regex.FindAny("b", budget, out var _)).ToArray();

        Assert.Equal([null, null, null, null, null, "timeout after 5000 ms: the pattern is too slow for this text"], answers);
        Assert.All(Enumerable.Range(0, 6), _ => Assert.Null(regex.FindAny("b", open, out var _)));
    }

    [Fact]
    public void S10_Control_WithoutTheRepetitionLimit_TheyAreCompiled()
    {
        Assert.StartsWith("pattern unsupported: more than", FaultOf(@"\w{1,3000}x"), StringComparison.Ordinal);
        Assert.True(GuestRegex.TryParse("grep", @"\w{1,3000}x", false, false, RegexDefences.All with { RepetitionLimit = false }, out _, out _));
    }

    [Fact]
    public void S10_TryParse_AutomatonTooLarge_IsUnsupported() =>
        Assert.Equal(
            "pattern unsupported: it is too large to be matched in linear time",
            FaultOf(string.Concat(Enumerable.Repeat(@"\w{1000}", 100))));

    [Fact]
    public void FindAll_Number_IsLimited()
    {
        Assert.True(GuestRegex.TryParse("grep", "a", false, false, RegexDefences.All, out var regex, out _));
        List<(int, int)> found = [];

        Assert.Null(regex.FindAll("aaaa", Budget(RegexDefences.All), 2, found));

        Assert.Equal(2, found.Count);
    }

    [Fact]
    public void TryParse_RandomText_NeverThrows()
    {
        const string Alphabet = @"ab01[](){}|*+?.^$\\\QEdDwpPxzUimsL<>=!:-,^é😀 ";
        var random = new Random(20260101);
        for (var i = 0; i < 20_000; i++)
        {
            var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            pattern = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(pattern));
            if (GuestRegex.TryParse("grep", pattern, i % 2 == 0, i % 7 == 0, RegexDefences.All, out var regex, out var fault))
            {
                regex.FindAll("ab01[](){}|é😀", Budget(RegexDefences.All), 100, []);
            }
            else
            {
                Assert.NotEmpty(fault);
            }
        }
    }

    private static string Find(string pattern, string text)
    {
        Assert.True(GuestRegex.TryParse("grep", pattern, false, false, RegexDefences.All, out var regex, out var fault), fault);
        List<(int Start, int End)> found = [];
        Assert.Null(regex.FindAll(text, Budget(RegexDefences.All), int.MaxValue, found));
        Assert.Null(regex.FindAny(text, Budget(RegexDefences.All), out var any));
        Assert.Equal(found.Count > 0, any);
        return string.Join(',', found.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.Start}-{range.End}")));
    }

    private static string? FaultOf(string pattern)
    {
        GuestRegex.TryParse("grep", pattern, false, false, RegexDefences.All, out _, out var fault);
        return fault;
    }

    private static MatchBudget Budget(RegexDefences defences) => new(TimeProvider.System, defences);

    // The best of some: the least disturbed one.
    private static double Measure(GuestRegex regex, int length)
    {
        var line = new string('a', length) + "!";
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Null(regex.FindAny(line, Budget(RegexDefences.All with { CallLimit = false }), out _));
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return best;
    }

    // Every look at it takes a while.
    private sealed class SteppingClock(TimeSpan step) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += step.Ticks;
    }
}
