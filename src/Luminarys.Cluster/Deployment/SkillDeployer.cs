using System.Collections.Immutable;
using Luminarys.Cluster.Protocol;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Deployment;

/// <summary>Loads the skills that a node's manifests name. A broken one is reported and left out; it does not stop the others.</summary>
internal sealed class SkillDeployer(DeploymentPorts ports, ISkillHost host, ILogger logger)
{
    public async ValueTask<ImmutableArray<Skill>> DeployAsync(CancellationToken cancellationToken)
    {
        var skills = ImmutableArray.CreateBuilder<Skill>();
        var results = await ports.Manifests.ReadAsync(cancellationToken).ConfigureAwait(false);
        await ForgetSchedulesAsync(results, cancellationToken).ConfigureAwait(false);
        foreach (var result in results)
        {
            Report(result);
            if (result.Manifest is not { } manifest)
            {
                Log.SkillNotDeployed(logger, result.Source, "the manifest has errors");
            }
            else if (skills.Any(skill => skill.Id == manifest.Id))
            {
                Log.SkillNotDeployed(logger, result.Source, $"another manifest of this node has the id '{manifest.Id}' already");
            }
            else if (await LoadAsync(manifest, cancellationToken).ConfigureAwait(false) is { } skill)
            {
                skills.Add(skill);
            }
        }

        return skills.DrainToImmutable();
    }

    private async ValueTask<Skill?> LoadAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var result = await ports.Runtime.LoadAsync(manifest, host, cancellationToken).ConfigureAwait(false);
        foreach (var warning in result.Warnings)
        {
            Log.SkillWarned(logger, manifest.Id, warning);
        }

        if (result.Skill is { } tooLarge && SkillCodec.Encode(tooLarge).Bytes.Length > ProtocolLimits.MaxSkill)
        {
            await ports.Runtime.UnloadAsync(tooLarge.Id, cancellationToken).ConfigureAwait(false);
            Log.SkillNotDeployed(logger, manifest.Source, $"its methods need more than {ProtocolLimits.MaxSkill} bytes; declare fewer, or describe them shorter");
            return null;
        }

        if (result.Skill is { } skill)
        {
            Log.SkillDeployed(logger, skill.Id, skill.Descriptor.Methods.Length);
            return skill;
        }

        Log.SkillNotDeployed(logger, manifest.Source, result.Error ?? "the runtime gave no reason");
        return null;
    }

    // Of skills that are configured no more. One whose manifest cannot be read may be any of them, so that nothing is forgotten then.
    private async ValueTask ForgetSchedulesAsync(IReadOnlyList<ManifestResult> results, CancellationToken cancellationToken)
    {
        if (results.Any(result => result.Manifest is null))
        {
            return;
        }

        try
        {
            await ports.States.KeepSchedulesOfAsync([.. results.Select(result => result.Manifest!.Id)], cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            Log.SchedulesKept(logger, exception);
        }
    }

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
