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

    /// <inheritdoc/>
    public ValueTask<SkillLoadResult> LoadAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        cancellationToken.ThrowIfCancellationRequested();
        return new(Load(manifest));
    }

    /// <inheritdoc/>
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return _skills.TryGetValue(invocation.Skill, out var skill)
            ? skill.InvokeAsync(invocation, cancellationToken)
            : new(InvocationResult.Failure(InvocationError.NoSuchSkill, $"skill '{invocation.Skill}' is not loaded"));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> UnloadAsync(SkillId skill, CancellationToken cancellationToken)
    {
        if (!_skills.TryRemove(skill, out var loaded))
        {
            return false;
        }

        await loaded.CloseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The token stays usable: calls may still ask whether the runtime has stopped.
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_everLoaded.Select(skill => skill.CloseAsync())).ConfigureAwait(false);
    }

    private SkillLoadResult Load(Manifest manifest)
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
        var skill = new Skill(manifest.Id, descriptor, digest, manifest.Description ?? descriptor.Description, manifest.Mcp);
        var loaded = new LoadedScript(script, _time, _stop.Token);
        if (!_skills.TryAdd(manifest.Id, loaded))
        {
            return SkillLoadResult.Failed($"skill '{manifest.Id}': a skill of this id is already loaded");
        }

        _everLoaded.Add(loaded);
        return SkillLoadResult.Loaded(skill, []);
    }
}
