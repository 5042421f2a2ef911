using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests.Slave;

public sealed class AnswerStoreTests
{
    private readonly AnswerStore _store = new();

    [Fact]
    public void IsFull_AsManyAsMayBe_CountsThoseThatRun()
    {
        for (var number = 1UL; number <= AnswerStore.MaxAnswers - 2; number++)
        {
            Keep(number);
        }

        Assert.False(_store.IsFull(1));
        Assert.True(_store.IsFull(2));
        _store.Settle(Samples.Instance(1), 10);
        Assert.False(_store.IsFull(2));
    }

    [Fact]
    public void IsFull_LargeResults_CountsTheirBytes()
    {
        for (var number = 1UL; number <= 255; number++)
        {
            Keep(number, ProtocolLimits.InlinePayload);
        }

        Assert.False(_store.IsFull(0));
        Assert.True(_store.IsFull(1));
    }

    [Fact]
    public void Keep_OfAnotherMaster_ForgetsTheOneBefore()
    {
        var call = Keep(1);
        Assert.NotNull(_store.Find(Samples.Instance(1), call, 1));

        _store.Keep(Samples.Instance(2), CallId.New(TimeProvider.System), new(CallFrameKind.Result, 1));

        Assert.Null(_store.Find(Samples.Instance(1), call, 1));
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void Keep_Again_ReplacesTheFrame()
    {
        var call = Keep(1, 100);
        var replacement = new CallFrame(CallFrameKind.Error, 1) { Code = InvocationError.PayloadTooLarge };

        _store.Keep(Samples.Instance(1), call, replacement);

        Assert.Same(replacement, _store.Find(Samples.Instance(1), call, 1));
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void Find_AnotherNumberOrMaster_FindsNothing()
    {
        var call = Keep(3);

        Assert.Null(_store.Find(Samples.Instance(1), call, 4));
        Assert.Null(_store.Find(Samples.Instance(2), call, 3));
    }

    private CallId Keep(ulong number, int size = 0)
    {
        var call = CallId.New(TimeProvider.System);
        _store.Keep(Samples.Instance(1), call, new(CallFrameKind.Result, number) { Payload = new byte[size] });
        return call;
    }
}
