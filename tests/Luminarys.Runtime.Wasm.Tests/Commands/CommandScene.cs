using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;
using MessagePack;

namespace Luminarys.Runtime.Wasm.Tests.Commands;

/// <summary>Skills of the guest "commands" on one runtime, and short words for what they answer and remember.</summary>
internal sealed class CommandScene : IAsyncDisposable
{
    private static readonly PackageId s_package = new("test.commands");

    private CommandScene(RuntimeHarness harness, SharedHost host) => (Harness, Host) = (harness, host);

    public RuntimeHarness Harness { get; }

    public SharedHost Host { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>One skill, "guest", which may call everybody and be called by everybody.</summary>
    public static async Task<CommandScene> StartAsync(
        Action<WasmRuntimeOptions>? configure = null, TimeProvider? time = null, IStateStore? states = null, Func<Manifest, Manifest>? manifest = null)
    {
        var host = new SharedHost();
        var harness = new RuntimeHarness(configure, time, states) { Host = host };
        host.Runtime = harness.Runtime;
        var scene = new CommandScene(harness, host);
        await scene.AddAsync(RuntimeHarness.Id.Value, manifest: manifest);
        return scene;
    }

    public async Task AddAsync(string id, string asset = "commands", Func<Manifest, Manifest>? manifest = null)
    {
        var open = (Manifest named) => named with { Id = new SkillId(id), InvokePolicy = new(["*"], ["*"]) };
        var result = await Harness.LoadAsync(asset, named => manifest?.Invoke(open(named)) ?? open(named));
        Assert.Null(result.Error);
        Harness.Runtime.Activate(new SkillId(id));
    }

    /// <summary>Makes "guest" answer with these commands.</summary>
    public async Task AnswerAsync(params object[] commands)
    {
        var result = await Harness.InvokeAsync("answer", Response(commands));
        Assert.True(result.IsSuccess, result.Message);
    }

    /// <summary>A response with these commands.</summary>
    public static byte[] Response(params object[] commands) =>
        Encode(new Dictionary<string, object?> { ["version"] = 1, ["payload"] = null, ["commands"] = commands });

    /// <summary>A command with its fields as a map.</summary>
    public static object Command(string type, params (string Key, object? Value)[] fields) =>
        new Dictionary<string, object?> { ["type"] = type, ["payload"] = Map(fields) };

    public static Dictionary<string, object?> Map(params (string Key, object? Value)[] fields) => fields.ToDictionary(field => field.Key, field => field.Value);

    public static byte[] Encode(object? value) => MessagePackSerializer.Serialize(value, cancellationToken: Token);

    /// <summary>What a skill keeps, once it keeps something that satisfies the test.</summary>
    public async Task<Dictionary<object, object>> WaitForStateAsync(string id = "guest", Func<Dictionary<object, object>, bool>? test = null)
    {
        for (var left = 2000; left > 0; left--)
        {
            var state = await Harness.States.FindStateAsync(new StateKey(new SkillId(id), s_package), Token);
            if (!state.IsEmpty && RuntimeHarness.Decode(state) is Dictionary<object, object> map && test?.Invoke(map) != false)
            {
                return map;
            }

            await Task.Delay(5, Token);
        }

        throw new TimeoutException($"{id} has kept nothing of the kind; the log says: {string.Join('\n', Harness.Log.All)}");
    }

    public async ValueTask DisposeAsync() => await Harness.DisposeAsync();
}
