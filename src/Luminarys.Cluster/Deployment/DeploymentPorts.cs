using Luminarys.Ports;

namespace Luminarys.Cluster.Deployment;

/// <summary>What a node needs to run skills and to tell about them.</summary>
/// <param name="Runtime">Runs skills.</param>
/// <param name="Manifests">Says which.</param>
/// <param name="Events">Takes what happened.</param>
/// <param name="States">Keeps what skills keep.</param>
internal sealed record DeploymentPorts(ISkillRuntime Runtime, IManifestSource Manifests, IEventPublisher Events, IStateStore States)
{
    /// <summary>Says whose packages a master trusts; null for nobody's.</summary>
    public ISignerTrust? Signers { get; init; }
}
