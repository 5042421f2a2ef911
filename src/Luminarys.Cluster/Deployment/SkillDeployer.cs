using System.Collections.Immutable;
using Luminarys.Cluster.Protocol;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Deployment;

/// <summary>Loads the skills that a node's manifests name. A broken one is reported and left out; it does not stop the others.</summary>
internal sealed class SkillDeployer(ISkillRuntime runtime, ISkillHost host, IManifestSource manifests, ILogger logger)
{
    public async ValueTask<ImmutableArray<Skill>> DeployAsync(CancellationToken cancellationToken)
    {
        var skills = ImmutableArray.CreateBuilder<Skill>();
        foreach (var result in await manifests.ReadAsync(cancellationToken).ConfigureAwait(false))
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
        var result = await runtime.LoadAsync(manifest, host, cancellationToken).ConfigureAwait(false);
        foreach (var warning in result.Warnings)
        {
            Log.SkillWarned(logger, manifest.Id, warning);
        }

        if (result.Skill is { } tooLarge && SkillCodec.Encode(tooLarge).Bytes.Length > ProtocolLimits.MaxSkill)
        {
            await runtime.UnloadAsync(tooLarge.Id, cancellationToken).ConfigureAwait(false);
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
