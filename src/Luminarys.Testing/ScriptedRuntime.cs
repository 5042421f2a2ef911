using System.Collections.Concurrent;
using System.Text;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Testing;

/// <summary>
/// A skill runtime whose skills are C# delegates: deadlines, cancellation, queueing and unloading behave as with the real one, and passes the
/// same contract tests, without WebAssembly. A manifest loads the script of its id; its package path is not read. Thread-safe once the
/// scripts are added.
/// </summary>
public sealed class ScriptedRuntime : ISkillRuntime
{
    private readonly ConcurrentDictionary<SkillId, ScriptedSkill> _scripts = new();
    private readonly ConcurrentDictionary<SkillId, LoadedScript> _skills = new();
    private readonly ConcurrentBag<LoadedScript> _everLoaded = [];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;

    /// <summary>Makes a runtime on the system's clock.</summary>
    public ScriptedRuntime()
        : this(TimeProvider.System)
    {
    }

    /// <summary>Makes a runtime whose deadlines follow a clock.</summary>
    public ScriptedRuntime(TimeProvider time) => _time = time;

    /// <summary>Adds a script; a manifest of this id loads it.</summary>
    /// <exception cref="FormatException">The id is not a skill id.</exception>
    /// <exception cref="ArgumentException">There is a script of this id.</exception>
    public ScriptedRuntime AddSkill(string id, Action<ScriptedSkill> script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var skill = new ScriptedSkill();
        script(skill);
        return _scripts.TryAdd(new SkillId(id), skill) ? this : throw new ArgumentException($"There is a script of the id '{id}' already.", nameof(id));
    }

    /// <summary>Sets the script that the next load or replacement of this id takes.</summary>
    /// <exception cref="FormatException">The id is not a skill id.</exception>
    public ScriptedRuntime ChangeSkill(string id, Action<ScriptedSkill> script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var skill = new ScriptedSkill();
        script(skill);
        _scripts[new SkillId(id)] = skill;
        return this;
    }

    /// <inheritdoc/>
    public async ValueTask<SkillLoadResult> LoadAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _skills.ContainsKey(manifest.Id)
                ? SkillLoadResult.Failed($"skill '{manifest.Id}': a skill of this id is already loaded")
                : Load(manifest, host);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SkillLoadResult> ReplaceAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_skills.TryGetValue(manifest.Id, out var before))
            {
                return SkillLoadResult.Failed($"skill '{manifest.Id}': no skill of this id is loaded");
            }

            var result = Load(manifest, host);
            if (result.Skill is not null)
            {
                _skills[manifest.Id].Predecessor = before.CloseAsync();
            }

            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Activate(SkillId skill)
    {
        // Scripts schedule nothing.
    }

    /// <inheritdoc/>
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return _skills.TryGetValue(invocation.Skill, out var skill)
            ? InvokeAsync(skill, invocation, cancellationToken)
            : new(InvocationResult.Failure(InvocationError.NoSuchSkill, $"skill '{invocation.Skill}' is not loaded"));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> UnloadAsync(SkillId skill, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_skills.TryRemove(skill, out var loaded))
        {
            _turn.Release();
            return false;
        }

        await FreeAsync(loaded).WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The token stays usable: calls may still ask whether the runtime has stopped.
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_everLoaded.Select(skill => skill.CloseAsync())).ConfigureAwait(false);
    }

    // One that closed before it took the call has a successor, unless the skill is being unloaded.
    private async ValueTask<InvocationResult> InvokeAsync(LoadedScript skill, Invocation invocation, CancellationToken cancellationToken)
    {
        var result = await skill.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        while (result.Error == InvocationError.NoSuchSkill && _skills.TryGetValue(invocation.Skill, out var next) && next != skill)
        {
            skill = next;
            result = await skill.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    // Goes on when nobody waits for it any longer: a load of the same id waits for its end.
    private async Task FreeAsync(LoadedScript loaded)
    {
        await loaded.CloseAsync().ConfigureAwait(false);
        _turn.Release();
    }

    private SkillLoadResult Load(Manifest manifest, ISkillHost host)
    {
        if (_stop.IsCancellationRequested)
        {
            return SkillLoadResult.Failed($"skill '{manifest.Id}': the node is stopping");
        }

        if (!_scripts.TryGetValue(manifest.Id, out var script))
        {
            return SkillLoadResult.Failed($"skill '{manifest.Id}': there is no script of this id; add one with AddSkill");
        }

        var descriptor = script.Describe(manifest.Id);
        var digest = PackageDigest.Of(Encoding.UTF8.GetBytes(manifest.Id.Value));
        var skill = new Skill(manifest.Id, descriptor, digest, manifest.Description ?? descriptor.Description, manifest.Mcp) { MethodSettings = manifest.Methods };
        var loaded = new LoadedScript(script, _time, _stop.Token);
        _skills[manifest.Id] = loaded;
        _everLoaded.Add(loaded);
        script.Loaded(host);
        return SkillLoadResult.Loaded(skill, []);
    }
}
