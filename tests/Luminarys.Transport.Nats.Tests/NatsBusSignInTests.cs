using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Luminarys.Contracts;
using Luminarys.Invocations;
using Luminarys.Ports;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Transport.Nats.Tests;

[Trait("Kind", "Integration")]
public sealed class NatsBusSignInTests
{
    private const string Secret = "s3same-0pen";

    private readonly RecordingLogger _logger = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectAsync_RightToken_Connects()
    {
        await using var server = await NatsServer.StartAsync($"--auth {Secret}");
        await using var bus = Create(new() { Url = server.Url, Token = Secret });
        Assert.Null(await bus.ConnectAsync(Token));
    }

    [Fact]
    public async Task ConnectAsync_TokenInUrl_Connects()
    {
        await using var server = await NatsServer.StartAsync($"--auth {Secret}");
        await using var bus = Create(new() { Url = $"nats://{Secret}@127.0.0.1:{server.Port}" });
        Assert.Null(await bus.ConnectAsync(Token));
    }

    [Fact]
    public async Task ConnectAsync_UserAndPassword_Connects()
    {
        await using var server = await NatsServer.StartAsync($"--user node --pass {Secret}");
        await using var right = Create(new() { Url = server.Url, User = "node", Password = Secret });
        await using var wrong = Create(new() { Url = server.Url, User = "node", Password = "wrong" });
        Assert.Null(await right.ConnectAsync(Token));
        Assert.Equal(InvocationError.BusDenied, (await wrong.ConnectAsync(Token))?.Error);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public async Task ConnectAsync_WrongToken_IsDeniedWithoutWaiting(string? token)
    {
        await using var server = await NatsServer.StartAsync($"--auth {Secret}");
        await using var bus = Create(new() { Url = server.Url, Token = token, FirstConnectTimeout = TimeSpan.FromMinutes(5) });
        var clock = Stopwatch.StartNew();

        var fault = await bus.ConnectAsync(Token);

        Assert.Equal(new BusFault(InvocationError.BusDenied, $"NATS at {server.Url} refused the credentials; check cluster.auth"), fault);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"the answer took {clock.Elapsed}");
    }

    // What a connection that breaks at the wrong moment looks like, or a server that is being stopped.
    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task ConnectAsync_ServerHangsUpWithoutAReason_IsRefusedOnlyTheThirdTime(int hangUps, bool isDenied)
    {
        await using var server = await NatsServer.StartAsync();
        using var door = new TcpListener(IPAddress.Loopback, 0);
        door.Start();
        var opening = OpenAfterAsync(door, hangUps, server.Port);
        BusFault? fault;
        await using (var bus = Create(new() { Url = $"nats://127.0.0.1:{((IPEndPoint)door.LocalEndpoint).Port}" }))
        {
            fault = await bus.ConnectAsync(Token);
        }

        Assert.Equal(isDenied ? InvocationError.BusDenied : null, fault?.Error);
        Assert.Equal(isDenied, fault?.Message.Contains("instead of signing in", StringComparison.Ordinal) ?? false);
        door.Stop();
        await opening;
    }

    [Fact]
    public async Task ConnectAsync_NothingThere_SaysWhereWhyAndWhatToDo()
    {
        await using var server = NatsServer.Create();
        await using var bus = Create(new() { Url = server.Url, FirstConnectTimeout = TimeSpan.FromMilliseconds(200) });

        var fault = await bus.ConnectAsync(Token);

        Assert.Equal(
            new BusFault(InvocationError.BusDown, $"NATS at {server.Url} is not reachable: Connection refused; check cluster.nats_url"), fault);
    }

    [Fact]
    public async Task ConnectAsync_ServerStartsLater_Connects()
    {
        await using var server = NatsServer.Create();
        await using var bus = Create(new() { Url = server.Url, FirstConnectTimeout = TimeSpan.FromSeconds(30) });
        var connecting = bus.ConnectAsync(Token).AsTask();

        await server.RunAsync();

        Assert.Null(await connecting);
    }

    [Fact]
    public async Task ConnectAsync_Cancelled_ThrowsAndMayBeTriedAgain()
    {
        await using var server = NatsServer.Create();
        await using var bus = Create(new() { Url = server.Url, FirstConnectTimeout = TimeSpan.FromMinutes(5) });
        using var cancellation = new CancellationTokenSource();
        var connecting = bus.ConnectAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        await server.RunAsync();
        Assert.Null(await bus.ConnectAsync(Token));
    }

    [Fact]
    public async Task ConnectAsync_FirstServerDead_TakesTheSecond()
    {
        await using var dead = NatsServer.Create();
        await using var alive = await NatsServer.StartAsync();
        await using var bus = Create(new() { Url = $"{dead.Url}, {alive.Url}", FirstConnectTimeout = TimeSpan.FromMilliseconds(200) });
        Assert.Null(await bus.ConnectAsync(Token));
    }

    [Fact]
    public async Task Reconnect_CredentialsRefused_SlowsToHalfAMinuteAndDoesNotGiveUp()
    {
        var time = new FakeTimeProvider();
        await using var server = await NatsServer.StartAsync($"--auth {Secret}");
        await using var bus = Create(new() { Url = server.Url, Token = Secret }, time);
        Assert.Null(await bus.ConnectAsync(Token));
        var statuses = new BusStatusRecorder(bus);
        await server.KillAsync();
        await statuses.ExpectAsync(BusStatus.Down);
        await server.RunAsync("--auth changed");

        var refused = await AdvanceUntilAsync(_logger.WaitForAsync(2004), time, TimeSpan.FromSeconds(1));
        Assert.Contains("30000 ms", refused, StringComparison.Ordinal);

        await server.KillAsync();
        await server.RunAsync($"--auth {Secret}");
        var up = statuses.ExpectAsync(BusStatus.Up);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(BusStatus.Down, bus.Status);
        await AdvanceUntilAsync(up.ContinueWith(_ => "", TaskScheduler.Default), time, TimeSpan.FromSeconds(1));
        Assert.Equal(BusStatus.Up, bus.Status);
    }

    [Fact]
    public async Task O1_Token_NeverInLogsOrFaults()
    {
        await using var server = await NatsServer.StartAsync($"--auth {Secret}");
        var wrong = Secret + "-wrong";
        await using var right = Create(new() { Url = $"nats://{Secret}@127.0.0.1:{server.Port}" });
        await using var denied = Create(new() { Url = $"nats://{wrong}@127.0.0.1:{server.Port}" });
        await using var absent = Create(new() { Url = $"nats://user:{wrong}@127.0.0.1:1", FirstConnectTimeout = TimeSpan.FromMilliseconds(200) });
        var statuses = new BusStatusRecorder(right);

        Assert.Null(await right.ConnectAsync(Token));
        var faults = new[] { await denied.ConnectAsync(Token), await absent.ConnectAsync(Token) };
        await server.KillAsync();
        await _logger.WaitForAsync(2003);
        await server.RunAsync("--auth changed");
        await _logger.WaitForAsync(2004);

        Assert.NotEmpty(_logger.All);
        Assert.DoesNotContain(Secret, _logger.All, StringComparison.Ordinal);
        Assert.All(faults, fault => Assert.DoesNotContain(Secret, fault!.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Permissions_Denied_AreLoggedAndTheConnectionStays()
    {
        const string Configuration = """
            authorization { users = [ { user: node, password: pw, permissions: { publish: { deny: ["secret.>"] }, subscribe: { deny: ["secret.>"] } } } ] }
            """;
        await using var server = await NatsServer.StartAsync(configuration: Configuration);
        await using var bus = Create(new() { Url = server.Url, User = "node", Password = "pw" });
        var recorder = new BusRecorder();
        Assert.Null(await bus.ConnectAsync(Token));
        await bus.SubscribeAsync("open.a", BusOverflow.Notify, recorder.Handle, Token);

        await bus.PublishAsync("secret.a", null, default, Token);

        Assert.Contains("secret.a", await _logger.WaitForAsync(2006), StringComparison.Ordinal);
        await bus.PublishAsync("open.a", null, BitConverter.GetBytes(4), Token);
        await recorder.ExpectAsync(4);
        Assert.Equal(BusStatus.Up, bus.Status);
    }

    [Fact]
    public async Task C7_MaxPayload_IsTheServers()
    {
        await using var server = await NatsServer.StartAsync(configuration: "max_payload: 65536");
        await using var bus = Create(new() { Url = server.Url });
        Assert.Null(await bus.ConnectAsync(Token));
        Assert.Equal(65536, bus.MaxPayload);
        Assert.Equal(InvocationError.PayloadTooLarge, await bus.PublishAsync("a", null, new byte[65537], Token));
        Assert.Equal(InvocationError.None, await bus.PublishAsync("a", null, new byte[65536], Token));
        Assert.True(await bus.FlushAsync(Token));
    }

    private static async Task OpenAfterAsync(TcpListener door, int hangUps, int port)
    {
        try
        {
            for (var number = 1; number <= hangUps; number++)
            {
                using var client = await door.AcceptTcpClientAsync(Token);
                await client.GetStream().WriteAsync("INFO {\"server_id\":\"x\",\"version\":\"2.9.10\",\"max_payload\":1048576,\"headers\":true}\r\n"u8.ToArray(), Token);
                _ = await client.Client.ReceiveAsync(new byte[4096], Token);
            }

            using var passed = await door.AcceptTcpClientAsync(Token);
            using var there = new TcpClient();
            await there.ConnectAsync(IPAddress.Loopback, port, Token);
            await Task.WhenAny(
                passed.GetStream().CopyToAsync(there.GetStream(), Token), there.GetStream().CopyToAsync(passed.GetStream(), Token));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The door was closed: the test is over.
        }
    }

    private static async Task<string> AdvanceUntilAsync(Task<string> signal, FakeTimeProvider time, TimeSpan step)
    {
        while (await Task.WhenAny(signal, Task.Delay(20, Token)) != signal)
        {
            time.Advance(step);
        }

        return await signal;
    }

    private NatsBus Create(NatsTransportOptions options, TimeProvider? time = null) =>
        new(options, BusLane.Traffic, time ?? TimeProvider.System, _logger);
}
