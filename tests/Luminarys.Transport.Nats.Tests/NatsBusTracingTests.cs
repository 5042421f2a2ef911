using System.Diagnostics;
using Luminarys.Contracts;
using Luminarys.Invocations;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Transport.Nats.Tests;

/// <summary>A listener on activities concerns the whole process, so nothing else may run beside these tests.</summary>
[CollectionDefinition(nameof(NatsBusTracingTests), DisableParallelization = true)]
[Collection(nameof(NatsBusTracingTests))]
[Trait("Kind", "Integration")]
public sealed class NatsBusTracingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishAsync_TraceHeadersMakeItTooLarge_IsAnErrorAndTheConnectionStays()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("NATS", StringComparison.Ordinal),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await NatsServer.StartAsync();
        await using var bus = new NatsBus(new() { Url = server.Url }, BusLane.Traffic, TimeProvider.System, NullLogger<NatsBus>.Instance);
        var recorder = new BusRecorder();
        Assert.Null(await bus.ConnectAsync(Token));
        await bus.SubscribeAsync("a", BusOverflow.Notify, recorder.Handle, Token);

        Assert.Equal(InvocationError.PayloadTooLarge, await bus.PublishAsync("a", null, new byte[bus.MaxPayload], Token));
        Assert.Equal(InvocationError.None, await bus.PublishAsync("a", "nobody", BitConverter.GetBytes(1), Token));

        var message = await recorder.NextAsync("the message with headers");
        Assert.Equal((1, BusMessageKind.Data), (message.Number, message.Kind));
        Assert.Equal(BusStatus.Up, bus.Status);
    }
}
