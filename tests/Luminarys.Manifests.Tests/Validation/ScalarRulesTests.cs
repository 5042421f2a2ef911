using CsCheck;
using Luminarys.Manifests.Validation;

namespace Luminarys.Manifests.Tests.Validation;

public sealed class ScalarRulesTests
{
    private static readonly ValueRule<TimeSpan> AnyDuration = ScalarRules.Duration(TimeSpan.Zero, TimeSpan.MaxValue);

    [Theory]
    [InlineData("5s", 5_000)]
    [InlineData("250ms", 250)]
    [InlineData("15m", 900_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("90", 90_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("0", 0)]
    [InlineData("9999999h", 35_999_996_400_000)]
    public void Duration_WellFormed_IsRead(string text, long milliseconds)
    {
        var complaint = AnyDuration(text, out var value);

        Assert.Equal(milliseconds, value.TotalMilliseconds);
        Assert.Null(complaint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5d")]
    [InlineData("5S")]
    [InlineData("1m30s")]
    [InlineData("1e3s")]
    [InlineData("1,5s")]
    [InlineData("99999999")]
    public void Duration_Malformed_IsRefused(string text) => Assert.NotNull(AnyDuration(text, out _));

    [Fact]
    public void Duration_Bounds_AreIncluded()
    {
        var rule = ScalarRules.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(60));

        Assert.Null(rule("1s", out _));
        Assert.Null(rule("60m", out _));
        Assert.NotNull(rule("999ms", out _));
        Assert.NotNull(rule("3601", out _));
    }

    [Fact]
    public void Duration_AnyText_NeverThrows() =>
        Gen.String[Gen.Char["0123456789.smh -+e"], 0, 14].Sample(text => AnyDuration(text, out _), iter: 10_000);

    [Theory]
    [InlineData("true", true)]
    [InlineData("False", false)]
    public void Flag_YamlSwitch_IsRead(string text, bool expected)
    {
        Assert.Null(ScalarRules.Flag(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("1")]
    [InlineData("on")]
    public void Flag_OtherWords_AreRefused(string text) => Assert.NotNull(ScalarRules.Flag(text, out _));
}
