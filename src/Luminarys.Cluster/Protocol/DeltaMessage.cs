using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Nodes;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>What changed in the registry between two revisions of one epoch.</summary>
/// <param name="Revision">Revision after the change.</param>
/// <param name="PreviousRevision">Revision that the change applies to.</param>
/// <param name="Digest">Digest of the registry after the change.</param>
/// <param name="Nodes">Nodes that are new or different, each with its whole list.</param>
/// <param name="Gone">Nodes that are no longer there.</param>
internal sealed record DeltaMessage(
    ulong Revision, ulong PreviousRevision, Digest128 Digest, ImmutableArray<NodeCopy> Nodes, ImmutableArray<NodeId> Gone) : IWireBody<DeltaMessage>
{
    public static DeltaMessage Read(ref MessagePackReader reader)
    {
        var message = new DeltaMessage(0, 0, default, [], []);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "rev": message = message with { Revision = reader.ReadUInt64() }; break;
                case "prev_rev": message = message with { PreviousRevision = reader.ReadUInt64() }; break;
                case "digest": message = message with { Digest = Wire.Digest(ref reader) }; break;
                case "nodes": message = message with { Nodes = NodeCopyCodec.ReadAll(ref reader) }; break;
                case "gone": message = message with { Gone = ReadGone(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return message;
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(5);
        writer.Write("rev");
        writer.Write(Revision);
        writer.Write("prev_rev");
        writer.Write(PreviousRevision);
        writer.Write("digest");
        Wire.WriteDigest(ref writer, Digest);
        writer.Write("nodes");
        NodeCopyCodec.WriteAll(ref writer, Nodes);
        writer.Write("gone");
        writer.WriteArrayHeader(Gone.Length);
        foreach (var node in Gone)
        {
            writer.Write(node.Value);
        }
    }

    private static ImmutableArray<NodeId> ReadGone(ref MessagePackReader reader)
    {
        var gone = ImmutableArray.CreateBuilder<NodeId>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            gone.Add(Wire.Node(ref reader));
        }

        return gone.DrainToImmutable();
    }
}
