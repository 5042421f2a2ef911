using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests.Slave;

public sealed class AnswerStoreTests
{
    private readonly AnswerStore _store = new();

    [Fact]
    public void Keep_OneMoreThanThereIsRoomFor_ForgetsWhatWasKeptLongest()
    {
        var late = CallId.New(TimeProvider.System);
        var first = Keep(2);
        for (var number = 3UL; number <= AnswerStore.MaxAnswers; number++)
        {
            Keep(number);
        }

        // A long call ends: it has the lowest number, and is the youngest.
        _store.Keep(Samples.Instance(1), late, new(CallFrameKind.Result, 1));
        Assert.NotNull(_store.Find(Samples.Instance(1), first, 2));
        Keep(AnswerStore.MaxAnswers + 1);

        Assert.Null(_store.Find(Samples.Instance(1), first, 2));
        Assert.NotNull(_store.Find(Samples.Instance(1), late, 1));
        Assert.Equal(AnswerStore.MaxAnswers, _store.Count);
    }

    [Fact]
    public void Keep_LargeResults_StaysWithinItsBytes()
    {
        for (var number = 1UL; number <= 300; number++)
        {
            Keep(number, ProtocolLimits.InlinePayload);
        }

        Assert.Equal(AnswerStore.MaxBytes / ProtocolLimits.InlinePayload, _store.Count);
    }

    [Fact]
    public void Settle_UpToANumber_KeepsTheRest()
    {
        var (first, second) = (Keep(1), Keep(2));

        _store.Settle(Samples.Instance(1), 1);

        Assert.Null(_store.Find(Samples.Instance(1), first, 1));
        Assert.NotNull(_store.Find(Samples.Instance(1), second, 2));
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
