using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests.Slave;

public sealed class AnswerStoreTests
{
    private readonly AnswerStore _store = new();

    [Fact]
    public void HasRoom_CountsWhatIsKept_AndWhatRuns()
    {
        for (var number = 1UL; number < AnswerStore.MaxAnswers; number++)
        {
            Assert.True(_store.HasRoom(0));
            Keep(number);
        }

        Assert.True(_store.HasRoom(0));
        Assert.False(_store.HasRoom(1));
        Keep(AnswerStore.MaxAnswers);
        Assert.False(_store.HasRoom(0));
        _store.Settle(Samples.Instance(1), SettledNumbers.UpTo(1));
        Assert.True(_store.HasRoom(0));
    }

    [Fact]
    public void HasRoom_CountsBytesOfResults_ExceptOfThoseInParts()
    {
        for (var number = 1UL; number <= 256; number++)
        {
            Assert.True(_store.HasRoom(0));
            Keep(number, ProtocolLimits.InlinePayload);
        }

        Assert.False(_store.HasRoom(0));
        _store.Settle(Samples.Instance(1), SettledNumbers.UpTo(256));
        var claim = new PayloadClaim(CallId.New(TimeProvider.System), 16 << 20, 1024, new byte[32]);
        for (var number = 257UL; number < 300; number++)
        {
            _store.Keep(Samples.Instance(1), CallId.New(TimeProvider.System), new(CallFrameKind.Result, number) { Payload = new byte[1 << 20], Claim = claim });
        }

        Assert.True(_store.HasRoom(0));
    }

    [Fact]
    public void Settle_WithOpenNumbers_KeepsThoseAndWhatCameLater()
    {
        var calls = Enumerable.Range(1, 9).Select(number => Keep((ulong)number)).ToArray();

        _store.Settle(Samples.Instance(1), new(2, 8, [4, 6]));

        Assert.Equal(
            [4, 6, 8, 9], Enumerable.Range(1, 9).Where(number => _store.Find(Samples.Instance(1), calls[number - 1], (ulong)number) is not null));
    }

    [Fact]
    public void Settle_AnAbsurdNumber_EndsAtOnce()
    {
        var call = Keep(5);

        _store.Settle(Samples.Instance(1), SettledNumbers.UpTo(ulong.MaxValue));

        Assert.Null(_store.Find(Samples.Instance(1), call, 5));
        _store.Settle(Samples.Instance(1), SettledNumbers.UpTo(1));
    }

    [Fact]
    public void Settle_UpToANumber_KeepsTheRest()
    {
        var (first, second) = (Keep(1), Keep(2));

        _store.Settle(Samples.Instance(1), SettledNumbers.UpTo(1));

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
