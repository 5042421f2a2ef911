using static Luminarys.Runtime.Wasm.Tests.Commands.CommandScene;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>What each command does for a guest, by its name: written by the guest's library, done by the host, and what the callback got.</summary>
internal static class CommandTable
{
    public static IReadOnlyDictionary<string, Func<GuestStage, Microsoft.Extensions.Time.Testing.FakeTimeProvider, Task>> All { get; } =
        new Dictionary<string, Func<GuestStage, Microsoft.Extensions.Time.Testing.FakeTimeProvider, Task>>
        {
            ["call_module"] = async (stage, _) =>
            {
                await SendAsync(stage, Command(
                    "call_module", ("skill_id", "other"), ("method", "echo"), ("payload", Map(("message", "hi ü"))), ("callback", "on_private"), ("call_ctx", "c1")));
                var outcome = (await stage.EventsAsync(1))[0];
                Assert.Equal(("other", "echo", "c1", ""), (outcome["skill_id"], outcome["method"], outcome["call_ctx"], outcome["error"]));
                Assert.Equal("hi ü", RuntimeHarness.Decode((byte[])outcome["payload"]));

                await SendAsync(stage, Command("call_module", ("skill_id", "other"), ("method", "on_private"), ("callback", "on_event"), ("call_ctx", "c2")));
                var refused = (await stage.EventsAsync(2))[1];
                Assert.Equal("c2", refused["call_ctx"]);
                Assert.NotEqual("", refused["error"]);
            },
            ["batch_invoke"] = async (stage, _) =>
            {
                object[] items =
                [
                    Map(("index", 7), ("skill_id", "other"), ("method", "echo"), ("payload", Encode(Map(("message", "seven"))))),
                    Map(("index", 3), ("skill_id", "nobody"), ("method", "echo"), ("payload", Encode(Map(("message", "three"))))),
                ];
                await SendAsync(stage, Command("batch_invoke", ("items", items), ("callback", "on_private"), ("concurrency", 0)));
                var outcome = (await stage.EventsAsync(1))[0];
                var answers = ((object[])outcome["items"]).Cast<Dictionary<object, object>>().ToArray();
                Assert.Equal(32, ((string)outcome["batch_id"]).Length);
                Assert.Equal([3L, 7L], answers.Select(answer => Convert.ToInt64(answer["index"])));
                Assert.StartsWith("NO_SUCH_SKILL", (string)answers[0]["error"], StringComparison.Ordinal);
                Assert.Equal("seven", RuntimeHarness.Decode((byte[])answers[1]["payload"]));
            },
            ["schedule"] = async (stage, time) =>
            {
                // Commands are done one after the other: what the second one answers says that the first one's timer runs.
                await SendAsync(
                    stage,
                    Command("schedule", ("method", "on_event"), ("delay_ms", 60_000), ("payload", Map(("at", "last ü")))),
                    Command("load_kv", ("key", "nothing"), ("callback", "on_event")));
                await stage.EventsAsync(1);
                Assert.Single(await stage.Harness.States.ReadSchedulesAsync(RuntimeHarness.Id, Token));

                time.Advance(TimeSpan.FromSeconds(59));
                Assert.Single(await stage.EventsAsync(1));
                time.Advance(TimeSpan.FromSeconds(2));
                Assert.Equal("last ü", (await stage.EventsAsync(2))[1]["at"]);
            },
            ["emit_event"] = async (stage, _) =>
            {
                var heard = new TaskCompletionSource<Ports.SkillEvent>();
                using var subscription = stage.Host.Subscribe("news", heard.SetResult);
                await SendAsync(stage, Command("emit_event", ("topic", "news"), ("payload", Encode("hot"))));
                var told = await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
                Assert.Equal(("news", RuntimeHarness.Id), (told.Topic, told.Source));
                Assert.Equal("hot", RuntimeHarness.Decode((byte[])RuntimeHarness.Decode(told.Payload)!));
            },
            ["subscribe"] = async (stage, _) =>
            {
                await SendAsync(
                    stage,
                    Command("subscribe", ("topic", "news"), ("callback", "on_event")),
                    Command("emit_event", ("topic", "news"), ("payload", Encode("hot"))));
                var told = (await stage.EventsAsync(1))[0];
                Assert.Equal(("news", "guest"), (told["topic"], told["source"]));
                Assert.Equal("hot", RuntimeHarness.Decode((byte[])told["payload"]));
            },
            ["store_kv"] = async (stage, _) =>
            {
                await SendAsync(
                    stage, Command("store_kv", ("key", "k"), ("value", Encode(7))), Command("load_kv", ("key", "k"), ("callback", "on_private")));
                var found = (await stage.EventsAsync(1))[0];
                Assert.Equal(("k", true), (found["key"], found["found"]));
                Assert.Equal(7, Convert.ToInt32(RuntimeHarness.Decode((byte[])found["value"])));
            },
            ["load_kv"] = async (stage, _) =>
            {
                await SendAsync(stage, Command("load_kv", ("key", "nothing"), ("callback", "on_event")));
                var found = (await stage.EventsAsync(1))[0];
                Assert.Equal(("nothing", false, null), (found["key"], found["found"], found["value"]));
            },
            ["spawn"] = (stage, _) => UnsupportedAsync(stage, "spawn"),
            ["terminate"] = (stage, _) => UnsupportedAsync(stage, "terminate"),
        };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task SendAsync(GuestStage stage, params object[] commands)
    {
        var result = await stage.Harness.InvokeAsync("commands", Encode(Map(("commands", commands))));
        Assert.True(result.IsSuccess, result.Message);
    }

    // Logged, and the next one is done.
    private static async Task UnsupportedAsync(GuestStage stage, string type)
    {
        await SendAsync(stage, Command(type, ("skill_id", "other")), Command("load_kv", ("key", "k"), ("callback", "on_event")));
        await stage.EventsAsync(1);
        Assert.Contains("unsupported command", Assert.Single(stage.Harness.Log.Of(3070)), StringComparison.Ordinal);
    }
}
