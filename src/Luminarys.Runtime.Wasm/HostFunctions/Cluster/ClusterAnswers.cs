using System.Buffers;
using Luminarys.Nodes;
using Luminarys.Ports;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Cluster;

/// <summary>Answers of the cluster functions. Lists are never nil.</summary>
internal static class ClusterAnswers
{
    /// <summary>The nodes, the master first, then by id.</summary>
    public static void WriteNodes(IBufferWriter<byte> answer, ClusterView cluster)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(2);
        writer.WriteString("current_node"u8);
        writer.Write(cluster.Current.Value);
        writer.WriteString("nodes"u8);
        writer.WriteArrayHeader(cluster.Nodes.Length);
        foreach (var node in cluster.Nodes.OrderBy(node => node.Role != NodeRole.Master).ThenBy(node => node.Id.Value, StringComparer.Ordinal))
        {
            writer.WriteMapHeader(3);
            writer.WriteString("node_id"u8);
            writer.Write(node.Id.Value);
            writer.WriteString("role"u8);
            writer.WriteString(node.Role == NodeRole.Master ? "master"u8 : "slave"u8);
            writer.WriteString("skills"u8);
            writer.WriteArrayHeader(node.Skills.Length);
            foreach (var skill in node.Skills)
            {
                writer.Write(skill.Value);
            }
        }

        writer.Flush();
    }

    /// <summary>That it is done.</summary>
    public static void WriteDone(IBufferWriter<byte> answer)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(0);
        writer.Flush();
    }
}
