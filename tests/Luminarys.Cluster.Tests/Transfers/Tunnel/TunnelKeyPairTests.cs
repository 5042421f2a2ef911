using Luminarys.Cluster.Transfers.Tunnel;

namespace Luminarys.Cluster.Tests.Transfers.Tunnel;

public sealed class TunnelKeyPairTests
{
    [Fact]
    public void Agree_BothEndsWithOneTranscript_HaveTheSameKeys()
    {
        using var both = Pairs();
        var (source, sink) = both;
        var (ours, theirs) = (source.Agree(sink.PublicKey, new byte[32])!, sink.Agree(source.PublicKey, new byte[32])!);

        Assert.Equal(ours.FromSource, theirs.FromSource);
        Assert.Equal(ours.FromSink, theirs.FromSink);
        Assert.NotEqual(ours.FromSource, ours.FromSink);
    }

    [Fact]
    public void Agree_TranscriptsThatDiffer_GiveOtherKeys()
    {
        using var both = Pairs();
        var (source, sink) = both;
        var altered = new byte[32];
        altered[31] = 1;

        Assert.NotEqual(source.Agree(sink.PublicKey, new byte[32])!.FromSource, sink.Agree(source.PublicKey, altered)!.FromSource);
    }

    [Fact]
    public void Agree_WhatIsNoPointOfTheCurve_IsRefused()
    {
        using var both = Pairs();
        var (source, sink) = both;
        var off = sink.PublicKey.ToArray();
        off[^1] ^= 1;

        Assert.Null(source.Agree(off, new byte[32]));
        Assert.Null(source.Agree(sink.PublicKey.AsSpan(1), new byte[32]));
        Assert.Null(source.Agree(new byte[TunnelKeyPair.PublicKeySize], new byte[32]));
        Assert.Null(source.Agree([], new byte[32]));
    }

    private static Both Pairs() => new(new(), new());

    private sealed record Both(TunnelKeyPair Source, TunnelKeyPair Sink) : IDisposable
    {
        public void Dispose()
        {
            Source.Dispose();
            Sink.Dispose();
        }
    }
}
