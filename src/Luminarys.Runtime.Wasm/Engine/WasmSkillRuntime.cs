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
    private readonly SkillTurns _turns = new();
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
        return await ChangeAsync(manifest, host, AddAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<SkillLoadResult> ReplaceAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(host);
        return await ChangeAsync(manifest, host, SwapAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Activate(SkillId skill)
    {
        if (_skills.TryGetValue(skill, out var loaded))
        {
            loaded.Activate();
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
    public bool ReturnsAtOnce => _audit?.TakesCalls != true;

    /// <inheritdoc/>
    public async ValueTask<bool> UnloadAsync(SkillId skill, CancellationToken cancellationToken)
    {
        if (!_gate.TryEnter())
        {
            return false;
        }

        var isFreeing = false;
        try
        {
            await _turns.EnterAsync(skill, cancellationToken).ConfigureAwait(false);
            if (!_skills.TryRemove(skill, out var loaded))
            {
                _turns.Leave(skill);
                return false;
            }

            isFreeing = true;
            await FreeAsync(loaded).WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            if (!isFreeing)
            {
                _gate.Exit();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task<SkillLoadResult> ChangeAsync(
        Manifest manifest, ISkillHost host, Func<Manifest, ISkillHost, CancellationToken, Task<SkillLoadResult>> change, CancellationToken cancellationToken)
    {
        if (!_gate.TryEnter())
        {
            return Stopping(manifest);
        }

        try
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _hardStop.Token);
            await _turns.EnterAsync(manifest.Id, linked.Token).ConfigureAwait(false);
            try
            {
                var result = await change(manifest, host, linked.Token).ConfigureAwait(false);
                _audit?.Loaded(manifest, result);
                return result;
            }
            finally
            {
                _turns.Leave(manifest.Id);
            }
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

    private async Task<SkillLoadResult> AddAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        if (_skills.ContainsKey(manifest.Id))
        {
            return AlreadyLoaded(manifest);
        }

        var (result, loaded) = await _loader.LoadAsync(manifest, host, before: null, cancellationToken).ConfigureAwait(false);
        if (loaded is not null)
        {
            _withQueues[loaded] = manifest.Id;
            _skills[manifest.Id] = loaded;
        }

        return result;
    }

    private async Task<SkillLoadResult> SwapAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        if (!_skills.TryGetValue(manifest.Id, out var before))
        {
            return SkillLoadResult.Failed($"skill '{manifest.Id}': {manifest.Source}: no skill of this id is loaded");
        }

        var (result, loaded) = await _loader.LoadAsync(manifest, host, before, cancellationToken).ConfigureAwait(false);
        if (loaded is null)
        {
            return result;
        }

        if (!_gate.TryEnter())
        {
            await loaded.StopAsync().ConfigureAwait(false);
            return Stopping(manifest);
        }

        _withQueues[loaded] = manifest.Id;
        var retired = before.RetireAsync(loaded, _hardStop.Token);
        _skills[manifest.Id] = loaded;
        Log.SkillReplaced(_logger, manifest.Id.Value, before.Skill.Digest.Hex, loaded.Skill.Digest.Hex);
        _ = FollowAsync(before, retired);
        return result;
    }

    // Goes on when nobody waits for it any longer; it holds the gate, so that disposal waits, and the turn, so that a load of the same id does.
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
            _turns.Leave(loaded.Skill.Id);
            _gate.Exit();
        }
    }

    // Holds the gate, which whoever began it has entered.
    private async Task FollowAsync(LoadedSkill retired, Task ended)
    {
        try
        {
            await ended.ConfigureAwait(false);
            Log.VersionEnded(_logger, retired.Skill.Id.Value, retired.Skill.Digest.Hex);
        }
#pragma warning disable CA1031 // Nobody awaits this work; a defect of the old version's end must not stay unsaid, and the new one serves all the same.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.VersionNotEnded(_logger, retired.Skill.Id.Value, exception);
        }
        finally
        {
            _withQueues.TryRemove(retired, out _);
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
