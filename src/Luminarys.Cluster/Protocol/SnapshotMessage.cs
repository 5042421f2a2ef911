using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Invocations;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>One page of the registry.</summary>
/// <param name="Code">Whether the request was granted.</param>
/// <param name="Revision">Revision of the registry; pages of different revisions do not belong together.</param>
/// <param name="Digest">Digest of the whole registry.</param>
/// <param name="HasMore">Whether further nodes follow on another page.</param>
/// <param name="Nodes">Nodes, ascending by id.</param>
internal sealed record SnapshotMessage(
    InvocationError Code, ulong Revision, Digest128 Digest, bool HasMore, ImmutableArray<NodeCopy> Nodes) : IWireBody<SnapshotMessage>
{
    public static SnapshotMessage Read(ref MessagePackReader reader)
    {
        var message = new SnapshotMessage(InvocationError.Internal, 0, default, false, []);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "code": message = message with { Code = Wire.Error(ref reader) }; break;
                case "rev": message = message with { Revision = reader.ReadUInt64() }; break;
                case "digest": message = message with { Digest = Wire.Digest(ref reader) }; break;
                case "more": message = message with { HasMore = reader.ReadBoolean() }; break;
                case "nodes": message = message with { Nodes = NodeCopyCodec.ReadAll(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return message;
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(5);
        writer.Write("code");
        Wire.WriteError(ref writer, Code);
        writer.Write("rev");
        writer.Write(Revision);
        writer.Write("digest");
        Wire.WriteDigest(ref writer, Digest);
        writer.Write("more");
        writer.Write(HasMore);
        writer.Write("nodes");
        NodeCopyCodec.WriteAll(ref writer, Nodes);
    }
}
