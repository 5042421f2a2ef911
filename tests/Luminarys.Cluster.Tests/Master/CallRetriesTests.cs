using Luminarys.Cluster.Master;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests.Master;

public sealed class CallRetriesTests
{
    [Theory]
    [InlineData(InvocationError.Busy, true, true)]
    [InlineData(InvocationError.NotServing, true, true)]
    [InlineData(InvocationError.Draining, true, true)]
    [InlineData(InvocationError.BusDown, true, true)]
    [InlineData(InvocationError.OutcomeUnknown, false, true)]
    [InlineData(InvocationError.NodeLost, false, true)]
    [InlineData(InvocationError.SkillError, false, false)]
    [InlineData(InvocationError.SkillTrap, false, false)]
    [InlineData(InvocationError.Expired, false, false)]
    [InlineData(InvocationError.Denied, false, false)]
    [InlineData(InvocationError.PayloadTooLarge, false, false)]
    [InlineData(InvocationError.Deadline, false, false)]
    [InlineData(InvocationError.Cancelled, false, false)]
    [InlineData(InvocationError.None, false, false)]
    public void C3_MayRepeat_OnlyWhatHasNotBegunOrMayRunTwice(InvocationError error, bool plain, bool idempotent)
    {
        Assert.Equal(plain, CallRetries.MayRepeat(error, isIdempotent: false));
        Assert.Equal(idempotent, CallRetries.MayRepeat(error, isIdempotent: true));
    }

    [Fact]
    public void Pause_AnyAttempt_IsBelowItsLimit()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.InRange(CallRetries.Pause(1), TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
            Assert.InRange(CallRetries.Pause(2), TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        }
    }

    [Fact]
    public void C3_Outcome_OfACallThatMayHaveRun_IsNeverThatItHasNotBegun()
    {
        InvocationResult? uncertain = null;
        var unknown = InvocationResult.Failure(InvocationError.OutcomeUnknown, "silent");
        var refused = InvocationResult.Failure(InvocationError.NotServing, "nobody is there");

        Assert.Equal(refused, CallRetries.Outcome(ref uncertain, refused));
        Assert.Equal(unknown, CallRetries.Outcome(ref uncertain, unknown));
        Assert.Equal(unknown, CallRetries.Outcome(ref uncertain, refused));
        Assert.True(CallRetries.Outcome(ref uncertain, InvocationResult.Success(default)).IsSuccess);
    }
}
