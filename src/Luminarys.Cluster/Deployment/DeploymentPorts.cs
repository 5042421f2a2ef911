using Luminarys.Cluster.Transfers;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging;

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

    /// <summary>Opens files that other nodes may reach; null where there are none.</summary>
    public IFileAccess? Files { get; init; }

    /// <summary>Channels to other nodes.</summary>
    public IRelay? Relay { get; init; }

    /// <summary>On a master: keys that the relay knows too.</summary>
    public RelayKeys? RelayKeys { get; init; }

    /// <summary>What the options say about a node's transfers. The shared directories are opened here.</summary>
    public TransferTuning Tune(TransferOptions options, TimeProvider time, ILogger logger)
    {
        var warnings = new List<string>();
        var permission = new FileTransferPermission(options.AllowedNodes, options.Directories);
        var shared = Files is null || options.AllowedNodes.IsEmpty ? null : new SharedFiles(permission, Files.GrantTransfers(options.Directories, warnings));
        warnings.ForEach(warning => Log.SharedFilesWarned(logger, warning));
        return new(shared, new(Relay ?? new NoRelay(), options.Encrypts, options.Attempts, time), TransferLimits.Standard);
    }
}
