using System.Collections.Immutable;
using Luminarys.Cluster.Transfers;
using Luminarys.Permissions;

namespace Luminarys.Cluster;

/// <summary>Which files of a node others may reach, and how they travel. Read once, when the node is built.</summary>
public sealed class TransferOptions
{
    /// <summary>Node ids, or <c>*</c> for any, that may copy files from and to this node; empty for none.</summary>
    public ImmutableArray<string> AllowedNodes { get; set; } = [];

    /// <summary>Directories that they may reach.</summary>
    public ImmutableArray<DirectoryGrant> Directories { get; set; } = [];

    /// <summary>Whether files are encrypted from end to end. Both nodes must say the same.</summary>
    public bool Encrypts { get; set; } = true;

    /// <summary>
    /// On a master: where nodes reach the relay, as <c>host:port</c>, or <c>tls://host:port</c> for one with a certificate. Asked for each transfer; empty for a relay
    /// in this process.
    /// </summary>
    public Func<string> RelayAddress { get; set; } = static () => "";

    /// <summary>Times and sizes of an attempt, and what a test may switch off.</summary>
    internal AttemptSettings Attempts { get; set; } = AttemptSettings.Standard;
}
