using System.Threading.Channels;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>Collects the frames of calls.</summary>
internal sealed class Frames
{
    private readonly Channel<(CallId Id, CallFrame Body)> _frames = Channel.CreateUnbounded<(CallId, CallFrame)>();

    public int Waiting => _frames.Reader.Count;

    public void OnMessage(in BusMessage message)
    {
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(message.Payload, out var envelope));
        Assert.True(envelope.TryRead<CallFrame>(out var frame));
        Assert.True(_frames.Writer.TryWrite((envelope.Id, frame)));
    }

    public async Task<(CallId Id, CallFrame Body)> NextAsync() =>
        await _frames.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
}
