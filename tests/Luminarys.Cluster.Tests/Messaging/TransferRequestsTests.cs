using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Transfers;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Luminarys.Cluster.Tests.Messaging;

public sealed class TransferRequestsTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TransferMessage s_status = new(TransferAct.Status, 7);
    private readonly FakeTimeProvider _time = new();
    private readonly InstanceId _asked = InstanceId.New();
    private InstanceId? _now;

    public TransferRequestsTests() => _now = _asked;

    [Fact]
    public async Task AskAsync_ProcessThatIsReplaced_IsNotWaitedFor()
    {
        var answer = Ask();
        _time.Advance(s_second);
        Assert.False(answer.IsCompleted);

        _now = InstanceId.New();
        var waited = await WaitAsync(answer);

        Assert.Equal((TransferFault.PeerLost, "the master was restarted before it answered"), ((await answer).Fault, (await answer).Text));
        Assert.InRange(waited, s_second, 2 * s_second);
    }

    [Fact]
    public async Task AskAsync_ProcessThatIsSilent_IsWaitedFor()
    {
        var answer = Ask();

        var waited = await WaitAsync(answer);

        Assert.Equal((TransferFault.PeerLost, "the master did not answer"), ((await answer).Fault, (await answer).Text));
        Assert.InRange(waited, 15 * s_second, 16 * s_second);
    }

    private Task<TransferAnswer> Ask()
    {
        var bus = Substitute.For<IBus>();
        bus.MaxPayload.Returns(1024 * 1024);
        bus.PublishAsync(default!, default, default, default).ReturnsForAnyArgs(new ValueTask<InvocationError>(InvocationError.None));
        var requests = new TransferRequests(bus, new(new(new("test"), new("a"), NodeRole.Slave)), _time);
        return requests.AskAsync("to", _ => "reply", new(MessageTypes.Transfer, default, _asked), s_status, ("the master", () => _now), CancellationToken.None).AsTask();
    }

    private async Task<TimeSpan> WaitAsync(Task answer)
    {
        var begin = _time.GetTimestamp();
        while (!answer.IsCompleted)
        {
            _time.Advance(s_second);
            await Task.WhenAny(answer, Task.Delay(20));
        }

        return _time.GetElapsedTime(begin);
    }
}
