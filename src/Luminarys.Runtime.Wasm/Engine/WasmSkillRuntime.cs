using System.Collections.Concurrent;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Runs skills as WebAssembly modules.</summary>
internal sealed class WasmSkillRuntime : ISkillRuntime
{
    private readonly ConcurrentDictionary<SkillId, LoadedSkill> _skills = new();
    private readonly ConcurrentDictionary<LoadedSkill, SkillId> _withQueues = new();
    private readonly OperationGate _gate = new();
    private readonly CancellationTokenSource _hardStop = new();
    private readonly WasmEngine _engine;
    private readonly EpochTicker _ticker;
    private readonly SkillLoader _loader;
    private readonly ILogger _logger;
    private readonly AuditLog? _audit;
    private readonly Lazy<Task> _disposal;

    /// <summary>Makes the engine.</summary>
    public WasmSkillRuntime(IOptions<WasmRuntimeOptions> options, RuntimePorts ports, ILogger<WasmSkillRuntime> logger, TimeProvider time)
    {
        _logger = logger;
        _audit = ports.Audit;
        _engine = new WasmEngine(time);
        _ticker = new EpochTicker(_engine.Engine, Sweep);
        _loader = new SkillLoader(_engine, _ticker, new(options.Value, ports, logger, time), _hardStop.Token);
        _disposal = new Lazy<Task>(StopAsync);
    }

    /// <inheritdoc/>
    public async ValueTask<SkillLoadResult> LoadAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(host);
        if (!_gate.TryEnter())
        {
            return Stopping(manifest);
        }

        try
        {
            var result = _skills.ContainsKey(manifest.Id) ? AlreadyLoaded(manifest) : await AddAsync(manifest, host, cancellationToken).ConfigureAwait(false);
            _audit?.Loaded(manifest, result);
            return result;
        }
        catch (OperationCanceledException) when (_hardStop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Stopping(manifest);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return _skills.TryGetValue(invocation.Skill, out var skill)
            ? _audit?.TakesCalls == true ? _audit.FollowAsync(invocation, () => skill.InvokeAsync(invocation, cancellationToken)) : skill.InvokeAsync(invocation, cancellationToken)
            : new(InvocationResult.Failure(InvocationError.NoSuchSkill, $"skill '{invocation.Skill}' is not loaded"));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> UnloadAsync(SkillId skill, CancellationToken cancellationToken)
    {
        if (!_gate.TryEnter())
        {
            return false;
        }

        if (!_skills.TryRemove(skill, out var loaded))
        {
            _gate.Exit();
            return false;
        }

        await FreeAsync(loaded).WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task<SkillLoadResult> AddAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _hardStop.Token);
        var (result, loaded) = await _loader.LoadAsync(manifest, host, linked.Token).ConfigureAwait(false);
        if (loaded is null)
        {
            return result;
        }

        _withQueues[loaded] = manifest.Id;
        if (_skills.TryAdd(manifest.Id, loaded))
        {
            return result;
        }

        _withQueues.TryRemove(loaded, out _);
        await loaded.StopAsync().ConfigureAwait(false);
        return AlreadyLoaded(manifest);
    }

    // Goes on when nobody waits for it any longer; it holds the gate, so that disposal does.
    private async Task FreeAsync(LoadedSkill loaded)
    {
        try
        {
            await loaded.StopAsync().ConfigureAwait(false);
            _withQueues.TryRemove(loaded, out _);
            Log.SkillUnloaded(_logger, loaded.Skill.Id.Value);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private async Task StopAsync()
    {
        await _hardStop.CancelAsync().ConfigureAwait(false);
        await _gate.CloseAsync().ConfigureAwait(false);
        await Task.WhenAll(_skills.Values.Select(skill => skill.StopAsync())).ConfigureAwait(false);
        await _ticker.StopAsync().ConfigureAwait(false);
        _engine.Dispose();
        _hardStop.Dispose();
    }

    private void Sweep()
    {
        foreach (var (skill, _) in _withQueues)
        {
            skill.Pool.Sweep();
        }
    }

    private static SkillLoadResult AlreadyLoaded(Manifest manifest) =>
        SkillLoadResult.Failed($"skill '{manifest.Id}': {manifest.Source}: a skill of this id is already loaded; give it another id");

    private static SkillLoadResult Stopping(Manifest manifest) => SkillLoadResult.Failed($"skill '{manifest.Id}': the node is stopping");
}
