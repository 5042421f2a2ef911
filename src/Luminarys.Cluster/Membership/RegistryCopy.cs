using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;
using Luminarys.Registry;

namespace Luminarys.Cluster.Membership;

/// <summary>The registry as slaves hold it, at one version. Immutable.</summary>
internal sealed class RegistryCopy
{
    private readonly ImmutableSortedDictionary<string, NodeCopy> _nodes;

    private RegistryCopy(RegistryVersion version, ImmutableSortedDictionary<string, NodeCopy> nodes)
    {
        Version = version;
        _nodes = nodes;
        Digest = DigestOf(nodes.Values);
    }

    /// <summary>Nothing known.</summary>
    public static RegistryCopy Empty { get; } = Of(default, []);

    public RegistryVersion Version { get; }

    /// <summary>Digest over the pairs of node and node digest, ascending by node.</summary>
    public Digest128 Digest { get; }

    /// <summary>Nodes, ascending by id.</summary>
    public IEnumerable<NodeCopy> Nodes => _nodes.Values;

    public static RegistryCopy Of(RegistryVersion version, IEnumerable<NodeCopy> nodes) =>
        new(version, nodes.ToImmutableSortedDictionary(node => node.Id.Value, node => node, StringComparer.Ordinal));

    /// <summary>Finds a node; null when it is not there.</summary>
    public NodeCopy? Find(NodeId node) => _nodes.GetValueOrDefault(node.Value);

    /// <summary>The node that a message in a term of this registry comes from; null when its process is not the one that is registered, or it follows another term.</summary>
    public NodeCopy? FindSender(Sender sender, ulong epoch) =>
        Find(sender.Node) is { } node && sender.Epoch == epoch && node.Instance == sender.Instance && node.Incarnation == sender.Incarnation ? node : null;

    /// <summary>How many skills a node has; 0 for an unknown one.</summary>
    public int SkillCount(NodeId node) => Find(node)?.Skills.Length ?? 0;

    /// <summary>What leads from an older copy to this one.</summary>
    public DeltaMessage Since(RegistryCopy older) => new(
        Version.Revision,
        older.Version.Revision,
        Digest,
        [.. Nodes.Where(node => !node.Equals(older._nodes.GetValueOrDefault(node.Id.Value)))],
        [.. older.Nodes.Where(node => !_nodes.ContainsKey(node.Id.Value)).Select(node => node.Id)]);

    /// <summary>The copy after a delta of the same epoch; null when it does not follow on this copy or leads elsewhere than its digest says.</summary>
    public RegistryCopy? Apply(DeltaMessage delta)
    {
        if (delta.PreviousRevision != Version.Revision || delta.Revision <= Version.Revision)
        {
            return null;
        }

        var nodes = _nodes.RemoveRange(delta.Gone.Select(node => node.Value))
            .SetItems(delta.Nodes.Select(node => KeyValuePair.Create(node.Id.Value, node)));
        var next = new RegistryCopy(Version with { Revision = delta.Revision }, nodes);
        return next.Digest == delta.Digest ? next : null;
    }

    /// <summary>The nodes behind <paramref name="after"/> that fit one page, at least one if there is one.</summary>
    public ImmutableArray<NodeCopy> PageAfter(string after, int pageSize, out bool hasMore)
    {
        var page = ImmutableArray.CreateBuilder<NodeCopy>();
        var size = 0;
        hasMore = false;
        foreach (var node in Nodes.Where(node => string.CompareOrdinal(node.Id.Value, after) > 0))
        {
            size += SizeOf(node);
            if (size > pageSize && page.Count > 0)
            {
                hasMore = true;
                break;
            }

            page.Add(node);
        }

        return page.DrainToImmutable();
    }

    /// <summary>At least the encoded size of a node, in bytes.</summary>
    public static int SizeOf(NodeCopy node) => 256 + (192 * node.Skills.Length);

    private static Digest128 DigestOf(IEnumerable<NodeCopy> nodes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[Digest128.Size];
        foreach (var node in nodes)
        {
            // The zero byte cannot be part of an id, so no two lists of pairs give the same bytes.
            hash.AppendData(Encoding.ASCII.GetBytes(node.Id.Value));
            hash.AppendData([0]);
            node.Digest.Write(digest);
            hash.AppendData(digest);
        }

        return Digest128.Of(hash);
    }
}
