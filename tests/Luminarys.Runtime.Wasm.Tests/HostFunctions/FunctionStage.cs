using System.Buffers;
using System.Collections.Immutable;
using Luminarys.Contracts;
using Luminarys.Files;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Runtime.Wasm.HostFunctions;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

/// <summary>All host functions of a skill without a guest: requests go in, answers come out.</summary>
internal sealed class FunctionStage : IAsyncDisposable
{
    private static readonly IFileAccess s_access = new ServiceCollection().AddFileAccess(_ => { }).BuildServiceProvider().GetRequiredService<IFileAccess>();

    private readonly SkillFunctions _functions;
    private readonly Interruption _interruption;
    private readonly HostCall _call;

    public FunctionStage(
        ISkillHost? host = null, ILanguageModel? model = null, FileTransferPermission? transfer = null, CancellationToken cancellation = default)
    {
        var time = new ManualClock();
        var manifest = new Manifest(RuntimeHarness.Id, "", "")
        {
            Permissions = PermissionSet.None with
            {
                FileTransfer = transfer,
                Environment = ImmutableDictionary<string, string>.Empty.Add("API_KEY", "sk-1"),
            },
        };
        var services = new SkillServices
        {
            Manifest = manifest,
            Options = new WasmRuntimeOptions(),
            Gate = new PermissionGate(manifest, Log),
            Log = new SkillLog(manifest, Log, time, true),
            Logger = Log,
            Time = time,
            Files = s_access,
            Host = host ?? new LonelyHost(),
            Callbacks = new NoCallbacks(),
            GrantedFiles = s_access.Grant([], []),
            MaxAnswerBytes = 1 << 20,
            LanguageModel = model,
        };
        _functions = new SkillFunctions(services);
        _interruption = new Interruption(time, CancellationToken.None);
        _interruption.Arm(long.MaxValue, cancellation);
        _call = new HostCall(_interruption, time)
        {
            Invocation = new Invocation(default, RuntimeHarness.Id, "m", default, Caller.Edge, Deadline.Never) { SessionId = "s1" },
        };
    }

    public LogLines Log { get; } = new();

    /// <summary>Calls a function; the error is null when it succeeded.</summary>
    public (string? Error, byte[] Answer) Call(string function, byte[] request)
    {
        var answer = new ArrayBufferWriter<byte>();
        var index = HostFunctionTable.Names.Index().Single(name => name.Item == function).Index;
        return (_functions[index](_call, request, answer), answer.WrittenSpan.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await _functions.DisposeAsync();
        _interruption.Dispose();
    }
}
