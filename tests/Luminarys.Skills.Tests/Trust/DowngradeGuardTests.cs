using Luminarys.Skills.Trust;

namespace Luminarys.Skills.Tests.Trust;

public sealed class DowngradeGuardTests
{
    [Theory]
    [InlineData("1.0.0", "1.0.1")]
    [InlineData("1.9.0", "1.10.0")]
    [InlineData("1.0.0-alpha", "1.0.0")]
    [InlineData("1.0.0-alpha", "1.0.0-alpha.1")]
    [InlineData("1.0.0-alpha.1", "1.0.0-alpha.beta")]
    [InlineData("1.0.0-beta.2", "1.0.0-beta.11")]
    [InlineData("1.0.0-rc.1+b9", "1.0.0+b1")]
    [InlineData("v1.2", "1.2.0.1")]
    [InlineData("1.99999999999999999998", "1.99999999999999999999")]
    [InlineData("dev", "0.0.1")]
    public void FindFault_StepBack_IsRefusedAndStepForwardIsNot(string lower, string higher)
    {
        Assert.Contains("allow_downgrade", DowngradeGuard.FindFault(lower, higher), StringComparison.Ordinal);
        Assert.Null(DowngradeGuard.FindFault(higher, lower));
        Assert.True(DowngradeGuard.IsHigher(higher, lower));
        Assert.False(DowngradeGuard.IsHigher(lower, higher));
    }

    [Theory]
    [InlineData("1.2", "1.2.0")]
    [InlineData("v1.2.0", "1.2.0+build")]
    [InlineData("1.02.0", "1.2.0")]
    [InlineData("dev", "dev")]
    public void FindFault_SameVersion_Loads(string one, string two)
    {
        Assert.Null(DowngradeGuard.FindFault(one, two));
        Assert.Null(DowngradeGuard.FindFault(two, one));
        Assert.False(DowngradeGuard.IsHigher(one, two));
    }

    [Theory]
    [InlineData("nightly")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1..2")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0-a..b")]
    [InlineData("-1")]
    public void FindFault_WithoutAnOrder_IsRefusedAfterAnyOther(string version)
    {
        Assert.NotNull(DowngradeGuard.FindFault(version, "other"));
        Assert.NotNull(DowngradeGuard.FindFault(version, "0.0.0"));
        Assert.Null(DowngradeGuard.FindFault(version, null));
        Assert.True(DowngradeGuard.IsHigher(version, null));
    }
}
