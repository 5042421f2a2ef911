using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests.Slave;

public sealed class CallAdmissionTests
{
    private static readonly Sender s_master = new(new("master"), 0, Samples.Instance(1), 1);
    private static readonly CallId s_call = CallId.New(TimeProvider.System);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void C3_CallThatWasNeverSeen_NeverBeginsAfterTheNodeSaidSo_UnlessTheDefenceIsOff(bool isOn)
    {
        var admission = new CallAdmission(ClusterDefences.All with { QueryTombstones = isOn });

        var told = admission.Tell(s_master, s_call, 7, isRunning: false);

        Assert.Equal((CallFrameKind.Reject, InvocationError.NotServing), (told.Kind, told.Code));
        Assert.Equal(!isOn, admission.TrySpend(s_master, 7));
    }

    [Fact]
    public void Tell_CallThatWasNeverSeen_SaysTheSameAgain()
    {
        var admission = new CallAdmission(ClusterDefences.All);

        Assert.Equal(admission.Tell(s_master, s_call, 7, isRunning: false), admission.Tell(s_master, s_call, 7, isRunning: false));
    }

    [Fact]
    public void Tell_RunningEndedAndForgotten_AreToldApart()
    {
        var admission = new CallAdmission(ClusterDefences.All);
        Assert.True(admission.TrySpend(s_master, 7));
        var result = new CallFrame(CallFrameKind.Result, 7) { Payload = new byte[] { 1 } };

        Assert.Equal(CallFrameKind.Progress, admission.Tell(s_master, s_call, 7, isRunning: true).Kind);
        Assert.Equal(InvocationError.OutcomeUnknown, admission.Tell(s_master, s_call, 7, isRunning: false).Code);
        admission.Keep(s_master.Instance, s_call, result);
        Assert.Same(result, admission.Tell(s_master, s_call, 7, isRunning: false));
        admission.Settle(s_master, SettledNumbers.UpTo(7));
        Assert.Equal(InvocationError.OutcomeUnknown, admission.Tell(s_master, s_call, 7, isRunning: false).Code);
    }
}
