using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Deployment;

/// <summary>
/// Loads the skills that a node's manifests name, and follows their changes. A broken one is reported once and left out, or goes on as it was; it does
/// not stop the others. Not thread-safe.
/// </summary>
internal sealed class SkillDeployer(DeploymentPorts ports, ISkillHost host, ILogger logger)
{
    private readonly Dictionary<SkillId, DeployedSkill> _deployed = [];
    private Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    /// <summary>Loads everything.</summary>
    public async ValueTask<ImmutableArray<Skill>> DeployAsync(CancellationToken cancellationToken)
    {
        var results = await ports.Manifests.ReadAsync(cancellationToken).ConfigureAwait(false);

        // One whose manifest cannot be read may be any of them, so that nothing is forgotten then.
        if (results.All(result => result.Manifest is not null))
        {
            await ForgetSchedulesAsync(results.Select(result => result.Manifest!.Id), cancellationToken).ConfigureAwait(false);
        }

        await FollowAsync(results, cancellationToken).ConfigureAwait(false);
        return Skills([]);
    }

    /// <summary>Reads the manifests again and brings the runtime to what they say; null when that changed nothing that runs.</summary>
    public async ValueTask<DeploymentChange?> ReloadAsync(CancellationToken cancellationToken)
    {
        var results = await ports.Manifests.ReadAsync(cancellationToken).ConfigureAwait(false);
        var hasChanged = await FollowAsync(results, cancellationToken).ConfigureAwait(false);
        var present = results.Where(result => !result.IsMissing).Select(result => result.Source).ToHashSet(StringComparer.Ordinal);
        var named = results.Where(result => result.Manifest is not null).ToLookup(result => result.Source, result => result.Manifest!.Id);
        ImmutableArray<SkillId> leaving =
        [
            .. _deployed.Values.Where(deployed => !present.Contains(deployed.Source) || IsRenamed(deployed, named[deployed.Source])).Select(deployed => deployed.Skill.Id),
        ];
        return hasChanged || leaving.Length > 0
            ? new(Skills(leaving), leaving, results.Any(result => result is { IsMissing: false, Manifest: null }) ? null : [.. named.SelectMany(ids => ids)])
            : null;
    }

    /// <summary>What the skills have scheduled may run: the node offers them.</summary>
    public void Activate()
    {
        foreach (var skill in _deployed.Keys)
        {
            ports.Runtime.Activate(skill);
        }
    }

    /// <summary>Lets the calls of skills that left finish, and frees them. Nobody waits for it: calls may take long, and the next change need not.</summary>
    public void Unload(DeploymentChange change)
    {
        foreach (var skill in change.Leaving)
        {
            _deployed.Remove(skill);
        }

        if (change.Leaving.Length > 0)
        {
            _ = UnloadAsync(change);
        }
    }

    private async ValueTask<bool> FollowAsync(IReadOnlyList<ManifestResult> results, CancellationToken cancellationToken)
    {
        var hasChanged = false;
        var (before, claimed) = (_seen, new HashSet<SkillId>());
        _seen = new(StringComparer.Ordinal);
        foreach (var result in results)
        {
            var content = ContentOf(result);
            _seen[result.Source] = content;
            var isNew = content.Length == 0 || (before.GetValueOrDefault(result.Source) != content && !Runs(result, content));
            if (isNew)
            {
                Report(result);
            }

            if (result.Manifest is not { } manifest)
            {
                ReportBroken(result, isNew);
            }
            else if (!claimed.Add(manifest.Id))
            {
                Log.SkillNotDeployed(logger, result.Source, $"another manifest of this node has the id '{manifest.Id}' already");
            }
            else if (isNew)
            {
                hasChanged |= await DeployAsync(manifest, result.Source, content, cancellationToken).ConfigureAwait(false);
            }
        }

        return hasChanged;
    }

    // A change that was taken back before it could run.
    private bool Runs(ManifestResult result, string content) =>
        result.Manifest is { } manifest && _deployed.GetValueOrDefault(manifest.Id) is { } runs && runs.Source == result.Source && runs.Content == content;

    // Of one that is named no more: the manifest names another skill now, and that one runs.
    private bool IsRenamed(DeployedSkill deployed, IEnumerable<SkillId> named) =>
        named.Any(id => id != deployed.Skill.Id && _deployed.GetValueOrDefault(id)?.Source == deployed.Source);

    private void ReportBroken(ManifestResult result, bool isNew)
    {
        var kept = _deployed.Values.FirstOrDefault(deployed => deployed.Source == result.Source);
        if (isNew && kept is null)
        {
            Log.SkillNotDeployed(logger, result.Source, "the manifest has errors");
        }
        else if (isNew && !result.IsMissing)
        {
            Log.SkillKept(logger, result.Source, kept!.Skill.Id, "the manifest has errors");
        }
    }

    private async ValueTask<bool> DeployAsync(Manifest manifest, string source, string content, CancellationToken cancellationToken)
    {
        var runs = _deployed.GetValueOrDefault(manifest.Id);
        var result = await TryAsync(manifest, runs is not null, cancellationToken).ConfigureAwait(false);
        foreach (var warning in result.Warnings)
        {
            Log.SkillWarned(logger, manifest.Id, warning);
        }

        if (result.Skill is { } tooLarge && SkillOffer.FindFault(tooLarge) is { } fault)
        {
            _deployed.Remove(tooLarge.Id);
            await ports.Runtime.UnloadAsync(tooLarge.Id, cancellationToken).ConfigureAwait(false);
            Log.SkillNotDeployed(logger, source, fault);
            return runs is not null;
        }

        if (result.Skill is not { } skill)
        {
            var reason = result.Error ?? "the runtime gave no reason";
            if (runs is null)
            {
                Log.SkillNotDeployed(logger, source, reason);
            }
            else
            {
                Log.SkillKept(logger, source, manifest.Id, reason);
            }

            return false;
        }

        _deployed[skill.Id] = new(skill, source, content);
        if (runs is null)
        {
            Log.SkillDeployed(logger, skill.Id, skill.Descriptor.Methods.Length);
        }
        else
        {
            Log.SkillChanged(logger, skill.Id, skill.Descriptor.Version, skill.Descriptor.Methods.Length);
        }

        return true;
    }

    private async ValueTask<SkillLoadResult> TryAsync(Manifest manifest, bool runs, CancellationToken cancellationToken)
    {
        try
        {
            return runs
                ? await ports.Runtime.ReplaceAsync(manifest, host, cancellationToken).ConfigureAwait(false)
                : await ports.Runtime.LoadAsync(manifest, host, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A defect that one package brings to light is the end of that skill, not of the node.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.LoadFailed(logger, manifest.Id, exception);
            return SkillLoadResult.Failed($"skill '{manifest.Id}': the runtime failed; see the event before");
        }
    }

    private async Task UnloadAsync(DeploymentChange change)
    {
        try
        {
            // All begin at once: a skill that comes back meanwhile finds its unloading on the way, and waits for it.
            await Task.WhenAll(change.Leaving.Select(skill => ports.Runtime.UnloadAsync(skill, CancellationToken.None).AsTask())).ConfigureAwait(false);
            foreach (var skill in change.Leaving)
            {
                Log.SkillLeft(logger, skill);
            }

            if (change.Named is { } named)
            {
                await ForgetSchedulesAsync(named, CancellationToken.None).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Nobody awaits this work: a defect of the runtime is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ReloadFailed(logger, exception);
        }
    }

    private async ValueTask ForgetSchedulesAsync(IEnumerable<SkillId> kept, CancellationToken cancellationToken)
    {
        try
        {
            await ports.States.KeepSchedulesOfAsync([.. kept], cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            Log.SchedulesKept(logger, exception);
        }
    }

    private ImmutableArray<Skill> Skills(ImmutableArray<SkillId> without) =>
        [.. _deployed.Values.Select(deployed => deployed.Skill).Where(skill => !without.Contains(skill.Id))];

    // What a result is recognised by: the content of a manifest that is right, the findings of one that is not.
    private static string ContentOf(ManifestResult result) =>
        result.Manifest is not null ? result.Fingerprint : $"{string.Join('\n', result.Problems)}\n{result.IsMissing}";

    private void Report(ManifestResult result)
    {
        foreach (var problem in result.Problems)
        {
            if (problem.Severity == ConfigurationSeverity.Error)
            {
                Log.ManifestProblem(logger, problem);
            }
            else
            {
                Log.ManifestWarning(logger, problem);
            }
        }
    }
}
