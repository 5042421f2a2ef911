using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>Every host function and every command, from every guest.</summary>
public sealed class GuestMatrix
{
    private static readonly string[] s_guests = ["guests/conformance-as", "guests/conformance-go", "guests/conformance-rust"];

    private static readonly string[] s_commands =
        ["call_module", "batch_invoke", "schedule", "emit_event", "subscribe", "store_kv", "load_kv", "spawn", "terminate"];

    // What needs no permission, or something else than one.
    private static readonly string[] s_free = ["sys_info", "time_now", "env_get", "log_write", "cluster_node_list", "history_get", "prompt_complete"];

    // What looks for a connection before anything else, and is denied none.
    private static readonly string[] s_connected = ["tcp_set_callback", "tcp_write", "tcp_close", "ws_send", "ws_close"];

    public static TheoryData<string, string> Functions => Cross(FunctionTable.All.Keys);

    public static TheoryData<string, string> Commands => Cross(CommandTable.All.Keys);

    public static TheoryData<string> Guests => [.. s_guests];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Tables_HaveEveryFunctionAndEveryCommand()
    {
        Assert.Equal(37, HostFunctionTable.Names.Count);
        Assert.Equal(HostFunctionTable.Names.Order(StringComparer.Ordinal), FunctionTable.All.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(s_commands.Order(StringComparer.Ordinal), CommandTable.All.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(37 * s_guests.Length, Functions.Count);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Function_FromAGuest_DoesItsWork(string guest, string function)
    {
        await using var stage = await GuestStage.StartAsync(guest);

        await FunctionTable.All[function](stage);

        Assert.True((await stage.Harness.InvokeAsync("request")).IsSuccess);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_FromAGuest_IsDoneAndItsCallbackHears(string guest, string command)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stage = await GuestStage.StartAsync(guest, time: time);
        var other = await stage.Harness.LoadAsync(guest, manifest => GuestConformance.Grant(manifest) with { Id = new SkillId("other"), InvokePolicy = new([], ["*"]) });
        Assert.Null(other.Error);

        await CommandTable.All[command](stage, time);

        Assert.True((await stage.Harness.InvokeAsync("request")).IsSuccess);
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task Function_NothingIsGranted_TheGuestHearsTwoWords(string guest)
    {
        await using var stage = await GuestStage.StartAsync(guest, isGranted: false);

        foreach (var function in HostFunctionTable.Names.Except(s_free).Except(s_connected))
        {
            var told = await stage.FailAsync(
                function,
                ("path", "/etc/passwd"), ("source", "/etc/passwd"), ("dest", "/etc/x"), ("pattern", "x"), ("patterns", new object[] { "*" }), ("mode", 384),
                ("archive", "/etc/a.zip"), ("output", "/etc/a.zip"), ("format", "zip"), ("method", "GET"),
                ("url", function == "ws_connect" ? stage.Server.WebSocket : stage.Server.Http), ("addr", stage.TcpAddress), ("command", "cat /etc/passwd"),
                ("target_node", "n2"), ("source_node", "n2"), ("local_path", "/etc/passwd"), ("remote_path", "/etc/passwd"));

            Assert.Equal((function, PermissionGate.Denied), (function, told));
        }

        foreach (var function in s_connected.Where(function => !function.EndsWith("_close", StringComparison.Ordinal)))
        {
            Assert.Equal("invalid argument: conn_id: no such connection", await stage.FailAsync(function, ("conn_id", "w-1"), ("message_type", "text")));
        }
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task LanguageModel_ApplicationHasNone_TheGuestIsTold(string guest)
    {
        await using var stage = await GuestStage.StartAsync(guest, hasModel: false);

        Assert.Equal("llm is not configured", await stage.FailAsync("prompt_complete", ("prompt", "2+2?")));
        Assert.Equal("llm is not configured", await stage.FailAsync("history_get", ("filter", "")));
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task Http_DamagedBrotli_IsAnErrorForTheGuestAndNothingElse(string guest)
    {
        await using var stage = await GuestStage.StartAsync(guest);

        Assert.Equal("io: the compressed body is damaged", await stage.FailAsync("http_get", ("url", $"{stage.Server.Http}/damaged")));
        Assert.Equal(200, (await stage.AskAsync("http_get", ("url", $"{stage.Server.Http}/whole"))).GetProperty("status").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task Tcp_CallbackClosesItsOwnConnection_EndsItAndHoldsUpNobody(string guest)
    {
        await using var stage = await GuestStage.StartAsync(guest);

        // More often than connections are allowed: each gives its place back.
        for (var round = 1; round <= 20; round++)
        {
            var (_, peer) = await stage.ConnectTcpAsync("on_close");
            await using (peer)
            {
                await peer.WriteAsync("bye"u8.ToArray(), Token);
                using var heard = new MemoryStream();
                await peer.CopyToAsync(heard, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
                Assert.Equal("bye"u8.ToArray(), heard.ToArray());
            }
        }

        Assert.Equal(20, (await stage.EventsAsync(20)).Count);
        Assert.Empty(stage.Harness.Log.Of(3072));
        Assert.True((await stage.Harness.InvokeAsync("request").WaitAsync(TimeSpan.FromSeconds(20), Token)).IsSuccess);
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task WebSocket_CallbackClosesItsOwnConnection_EndsItAndHoldsUpNobody(string guest)
    {
        await using var stage = await GuestStage.StartAsync(guest);

        for (var round = 1; round <= 10; round++)
        {
            var id = await stage.ConnectWebSocketAsync("on_close");
            await stage.AskAsync("ws_send", ("conn_id", id), ("data", "bye"u8.ToArray()), ("message_type", "text"));
            var told = (await stage.EventsAsync(round))[^1];
            Assert.Equal("bye"u8.ToArray(), told["data"]);
        }

        await stage.Server.WaitForClosedAsync(10).WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(10, (await stage.EventsAsync(10)).Count);
        Assert.Empty(stage.Harness.Log.Of(3072));
        Assert.True((await stage.Harness.InvokeAsync("request").WaitAsync(TimeSpan.FromSeconds(20), Token)).IsSuccess);
    }

    private static TheoryData<string, string> Cross(IEnumerable<string> names)
    {
        var data = new TheoryData<string, string>();
        foreach (var name in names)
        {
            foreach (var guest in s_guests)
            {
                data.Add(guest, name);
            }
        }

        return data;
    }
}
