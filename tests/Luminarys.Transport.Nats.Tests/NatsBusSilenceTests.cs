using System.Diagnostics;
using Luminarys.Contracts;
using Luminarys.Invocations;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Transport.Nats.Tests;

/// <summary>A server whose process stands still keeps its connections and answers nothing.</summary>
[Trait("Kind", "Integration")]
public sealed class NatsBusSilenceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_StopsAnswering_IsFoundByPings()
    {
        await using var server = await NatsServer.StartAsync();
        await using var bus = await ConnectAsync(server);
        var statuses = new BusStatusRecorder(bus);
        var clock = Stopwatch.StartNew();

        server.Freeze();

        await statuses.ExpectAsync(BusStatus.Down);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(18));
    }

    [Fact]
    public async Task PublishAndFlush_ServerStopsAnswering_NeverHang()
    {
        await using var server = await NatsServer.StartAsync();
        await using var bus = await ConnectAsync(server);
        server.Freeze();
        var (payload, longest, error) = (new byte[512 * 1024], TimeSpan.Zero, InvocationError.None);

        while (error == InvocationError.None)
        {
            var clock = Stopwatch.StartNew();
            error = await bus.PublishAsync("a", null, payload, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);
            longest = clock.Elapsed > longest ? clock.Elapsed : longest;
        }

        Assert.Equal(InvocationError.BusDown, error);
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(12));
        Assert.False(await bus.FlushAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    private static async Task<NatsBus> ConnectAsync(NatsServer server)
    {
        var bus = new NatsBus(new() { Url = server.Url }, BusLane.Control, TimeProvider.System, NullLogger<NatsBus>.Instance);
        Assert.Null(await bus.ConnectAsync(Token));
        return bus;
    }
}
