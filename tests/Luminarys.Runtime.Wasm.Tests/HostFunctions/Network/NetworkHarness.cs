using System.Buffers;
using System.Collections.Concurrent;
using Luminarys.Contracts;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Network;
using Luminarys.Skills;
using Luminarys.Skills.Messages;
using MessagePack;
using MessagePack.Resolvers;
using NSubstitute;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

/// <summary>The network functions of one skill without a guest: requests go in as maps or bytes, answers come out as maps.</summary>
internal sealed class NetworkHarness : IAsyncDisposable
{
    private static readonly MessagePackSerializerOptions s_primitive = MessagePackSerializerOptions.Standard.WithResolver(PrimitiveObjectResolver.Instance);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lazy<NetworkFunctions> _functions;

    private int _isDisposed;

    public NetworkHarness() => _functions = new(Create);

    public WasmRuntimeOptions Options { get; } = new();

    public PermissionSet Permissions { get; init; } = new() { Http = new(["**"], 0, AllowWebSocket: true), Tcp = new(["**"], InternalAddresses: false) };

    public NetworkSetting Setting { get; init; } = NetworkSetting.Standard;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public SkillLimits Limits { get; init; } = SkillLimits.Default;

    public LogLines Log { get; } = new();

    public RecordedCallbacks Callbacks { get; } = new();

    /// <summary>The one line of the log that says what was denied.</summary>
    public string Denial => Assert.Single(Log.Of(3030));

    public NetworkFunctions Functions => _functions.Value;

    /// <summary>Asks with a map; from a thread of its own, as a guest does.</summary>
    public Task<Dictionary<object, object>> AskAsync(string function, params (string Key, object? Value)[] fields) =>
        AskRawAsync(function, Encode(fields), CancellationToken.None);

    public async Task<Dictionary<object, object>> AskRawAsync(string function, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var answer = await AskBytesAsync(function, request, cancellation);
        return (Dictionary<object, object>)MessagePackSerializer.Deserialize<object>(answer, s_primitive, CancellationToken.None);
    }

    /// <summary>The answer as the guest gets it.</summary>
    public Task<byte[]> AskBytesAsync(string function, ReadOnlyMemory<byte> request, CancellationToken cancellation) => Task.Factory.StartNew(
        () =>
        {
            using var interruption = new Interruption(Time, _stop.Token);
            interruption.Arm(long.MaxValue, cancellation);
            var call = new HostCall(interruption, Time) { Id = CallId.New(Time) };
            var answer = new ArrayBufferWriter<byte>();
            var fault = MessageGuard.FindFault(request.Span);
            var error = request.Length > 0 && fault is not null ? $"malformed request: {fault}" : Functions.Find(function)!(call, request, answer);
            if (error is not null)
            {
                answer.ResetWrittenCount();
                answer.Write(MessagePackSerializer.Serialize(new Dictionary<string, string> { ["error"] = error }, cancellationToken: CancellationToken.None));
            }

            return answer.WrittenSpan.ToArray();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public async Task<string> ErrorOfAsync(string function, params (string Key, object? Value)[] fields) =>
        (await AskAsync(function, fields)).TryGetValue("error", out var error) ? (string)error : "no error";

    public static byte[] Encode(params (string Key, object? Value)[] fields) =>
        MessagePackSerializer.Serialize(fields.ToDictionary(field => field.Key, field => field.Value), MessagePack.Resolvers.ContractlessStandardResolver.Options, CancellationToken.None);

    public static Dictionary<string, object> Header(string name, string value) => new() { ["name"] = name, ["value"] = value };

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        // A test that failed may have left its skill busy.
        Callbacks.Gate?.TrySetResult();
        await _stop.CancelAsync();
        if (_functions.IsValueCreated)
        {
            await _functions.Value.DisposeAsync();
        }

        _stop.Dispose();
        Callbacks.Dispose();
    }

    private NetworkFunctions Create()
    {
        var manifest = new Manifest(new SkillId("guest"), "guest.yaml", "/guest.wasm") { Permissions = Permissions, Limits = Limits };
        var services = new SkillServices
        {
            Manifest = manifest,
            Options = Options,
            Gate = new PermissionGate(manifest, Log),
            Log = new SkillLog(manifest, Log, Time, false),
            Logger = Log,
            Time = Time,
            Files = Substitute.For<IFileAccess>(),
            Host = new LonelyHost(),
            Callbacks = Callbacks,
            GrantedFiles = Substitute.For<IGrantedFiles>(),
            MaxAnswerBytes = 16 * 1024 * 1024,
        };
        return new(services, Setting);
    }

    /// <summary>A skill that can be called back at <c>on_data</c>; it answers when it is let.</summary>
    internal sealed class RecordedCallbacks : ISkillCallbacks, IDisposable
    {
        private readonly ConcurrentQueue<Dictionary<object, object>> _events = new();
        private readonly SemaphoreSlim _arrived = new(0);

        public TaskCompletionSource? Gate { get; set; }

        public Action<Dictionary<object, object>>? OnEvent { get; set; }

        public int Count => _events.Count;

        public List<ReadOnlyMemory<byte>> Payloads { get; } = [];

        public void Dispose() => _arrived.Dispose();

        public bool HasMethod(string method) => method == "on_data";

        public async ValueTask<InvocationResult> DeliverAsync(string method, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
        {
            var copy = payload.ToArray();
            lock (Payloads)
            {
                Payloads.Add(copy);
            }

            var decoded = (Dictionary<object, object>)MessagePackSerializer.Deserialize<object>(copy, s_primitive, CancellationToken.None);
            _events.Enqueue(decoded);
            OnEvent?.Invoke(decoded);
            _arrived.Release();
            if (Gate is { } gate)
            {
                await gate.Task.WaitAsync(cancellationToken);
            }

            return InvocationResult.Success(default);
        }

        public async Task<Dictionary<object, object>> NextAsync()
        {
            Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(20)), "no event came");
            Assert.True(_events.TryDequeue(out var next));
            return next;
        }
    }
}
