using Luminarys.Files;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Luminarys.Lmsk.Running;

/// <summary>The real runtime around one skill, in this process.</summary>
internal sealed class Trial : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Trial(TrialReport report, string stateDirectory) => _services = new ServiceCollection()
        .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new TrialLog(report)))
        .AddSingleton<ISkillObserver>(report)
        .AddFileAccess(_ => { })
        .AddWasmRuntime(options => (options.SkillLog, options.StateDirectory) = (true, stateDirectory))
        .BuildServiceProvider();

    /// <summary>Asks a module what it is.</summary>
    public ValueTask<SkillInspection> InspectAsync(ReadOnlyMemory<byte> module, CancellationToken cancellationToken) =>
        _services.GetRequiredService<ISkillInspector>().InspectAsync(module, cancellationToken);

    /// <summary>Loads the skill.</summary>
    public ValueTask<SkillLoadResult> LoadAsync(Manifest manifest, CancellationToken cancellationToken) =>
        Runtime.LoadAsync(manifest, new TrialHost(_services.GetRequiredService<IStateStore>()), cancellationToken);

    /// <summary>Runs one call as a client's.</summary>
    public ValueTask<InvocationResult> InvokeAsync(Manifest manifest, string method, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        Runtime.InvokeAsync(new(CallId.New(TimeProvider.System), manifest.Id, method, payload, Caller.Edge, Deadline.Never), cancellationToken);

    /// <summary>Lets callbacks and programs of the skill end.</summary>
    public ValueTask<bool> UnloadAsync(Manifest manifest, CancellationToken cancellationToken) => Runtime.UnloadAsync(manifest.Id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private ISkillRuntime Runtime => _services.GetRequiredService<ISkillRuntime>();
}
