using System.Text.Json;
using Luminarys.Contracts;
using Luminarys.Files;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Skills;
using Luminarys.Skills.Trust;
using Luminarys.State;
using MessagePack;
using MessagePack.Resolvers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Luminarys.Runtime.Wasm.Tests;

/// <summary>A runtime with a readable log, and short words for what tests do with it.</summary>
internal sealed class RuntimeHarness : IAsyncDisposable
{
    public static readonly SkillId Id = new("guest");
    public static readonly byte[] NoArguments = [0x80];

    private static readonly MessagePackSerializerOptions s_primitive =
        MessagePackSerializerOptions.Standard.WithResolver(PrimitiveObjectResolver.Instance);

    public RuntimeHarness(
        Action<WasmRuntimeOptions>? configure = null, TimeProvider? time = null, IStateStore? states = null, ILanguageModel? model = null,
        ITrustSource? trust = null, TrustDefences? defences = null)
    {
        var options = new WasmRuntimeOptions();
        configure?.Invoke(options);
        Time = time ?? TimeProvider.System;
        States = states ?? new MemoryStateStore();
        Runtime = new WasmSkillRuntime(Options.Create(options), new(Files, States, model) { Trust = trust, Defences = defences ?? TrustDefences.All }, Log, Time);
    }

    public LogLines Log { get; } = new();

    public TimeProvider Time { get; }

    public IStateStore States { get; }

    public ISkillHost Host { get; set; } = new LonelyHost();

    private static IFileAccess Files { get; } = new ServiceCollection().AddFileAccess(_ => { }).BuildServiceProvider().GetRequiredService<IFileAccess>();

    public WasmSkillRuntime Runtime { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Manifest ManifestOf(string asset) => new(Id, $"{asset}.yaml", WasmAssets.PathOf(asset));

    /// <summary>A runtime with one guest loaded.</summary>
    public static async Task<RuntimeHarness> StartAsync(
        string asset, Action<WasmRuntimeOptions>? configure = null, TimeProvider? time = null, Func<Manifest, Manifest>? manifest = null)
    {
        var harness = new RuntimeHarness(configure, time);
        var loaded = await harness.LoadAsync(asset, manifest);
        Assert.Null(loaded.Error);
        return harness;
    }

    public async Task<SkillLoadResult> LoadAsync(string asset, Func<Manifest, Manifest>? manifest = null)
    {
        var named = ManifestOf(asset);
        return await Runtime.LoadAsync(manifest?.Invoke(named) ?? named, Host, Token);
    }

    public Invocation Call(string method, byte[]? payload = null) =>
        new(CallId.New(Time), Id, method, payload ?? NoArguments, Caller.Edge, Deadline.Never);

    public async Task<InvocationResult> InvokeAsync(string method, byte[]? payload = null) => await Runtime.InvokeAsync(Call(method, payload), Token);

    /// <summary>Calls a method that must succeed, and decodes its result.</summary>
    public async Task<object?> AskAsync(string method, byte[]? payload = null)
    {
        var result = await InvokeAsync(method, payload);
        Assert.True(result.IsSuccess, result.Message);
        return Decode(result.Payload);
    }

    /// <summary>Calls a method whose result is JSON text.</summary>
    public async Task<JsonElement> AskJsonAsync(string method, params (string Key, object? Value)[] arguments) =>
        JsonDocument.Parse((string)(await AskAsync(method, Pack(arguments)))!).RootElement;

    /// <summary>Decodes one MessagePack value.</summary>
    public static object? Decode(ReadOnlyMemory<byte> value) => MessagePackSerializer.Deserialize<object?>(value, s_primitive, Token);

    /// <summary>A map of texts as MessagePack.</summary>
    public static byte[] Arguments(params (string Key, string Value)[] entries) =>
        MessagePackSerializer.Serialize(entries.ToDictionary(entry => entry.Key, entry => entry.Value), cancellationToken: Token);

    /// <summary>A map of any values as MessagePack.</summary>
    public static byte[] Pack(params (string Key, object? Value)[] entries) =>
        MessagePackSerializer.Serialize<object?>(entries.ToDictionary(entry => (object)entry.Key, entry => entry.Value), s_primitive, Token);

    public ValueTask DisposeAsync() => Runtime.DisposeAsync();
}
