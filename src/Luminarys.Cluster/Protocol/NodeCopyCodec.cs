using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Nodes;
using Luminarys.Skills;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>What slaves know of other nodes, to bytes and back.</summary>
internal static class NodeCopyCodec
{
    private const int OwnerFlag = 1;

    public static void WriteAll(ref MessagePackWriter writer, ImmutableArray<NodeCopy> nodes)
    {
        writer.WriteArrayHeader(nodes.Length);
        foreach (var node in nodes)
        {
            Write(ref writer, node);
        }
    }

    public static ImmutableArray<NodeCopy> ReadAll(ref MessagePackReader reader)
    {
        var nodes = ImmutableArray.CreateBuilder<NodeCopy>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            nodes.Add(Read(ref reader));
        }

        return nodes.DrainToImmutable();
    }

    public static void Write(ref MessagePackWriter writer, NodeCopy node)
    {
        writer.WriteMapHeader(7);
        writer.Write("node");
        writer.Write(node.Id.Value);
        writer.Write("role");
        writer.Write(node.Role == NodeRole.Master ? "master" : "slave");
        writer.Write("state");
        writer.Write(node.IsDraining ? "draining" : "serving");
        writer.Write("inc");
        writer.Write(node.Incarnation);
        writer.Write("inst");
        Wire.WriteInstance(ref writer, node.Instance);
        writer.Write("digest");
        Wire.WriteDigest(ref writer, node.Digest);
        writer.Write("skills");
        writer.WriteArrayHeader(node.Skills.Length);
        foreach (var skill in node.Skills)
        {
            writer.WriteMapHeader(3);
            writer.Write("id");
            writer.Write(skill.Id.Value);
            writer.Write("digest");
            writer.Write(skill.Digest.ToString());
            writer.Write("flags");
            writer.Write(skill.IsOwner ? OwnerFlag : 0);
        }
    }

    private static NodeCopy Read(ref MessagePackReader reader)
    {
        var node = new NodeCopy(default, NodeRole.Slave, false, 0, default, default, []);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "node": node = node with { Id = Wire.Node(ref reader) }; break;
                case "role": node = node with { Role = Wire.Text(ref reader) == "master" ? NodeRole.Master : NodeRole.Slave }; break;
                case "state": node = node with { IsDraining = Wire.Text(ref reader) == "draining" }; break;
                case "inc": node = node with { Incarnation = reader.ReadUInt64() }; break;
                case "inst": node = node with { Instance = Wire.Instance(ref reader) }; break;
                case "digest": node = node with { Digest = Wire.Digest(ref reader) }; break;
                case "skills": node = node with { Skills = ReadSkills(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return node.Id == default ? throw Wire.Invalid("node") : node;
    }

    private static ImmutableArray<SkillCopy> ReadSkills(ref MessagePackReader reader)
    {
        var skills = ImmutableArray.CreateBuilder<SkillCopy>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var (id, digest, flags) = (default(SkillId), "", 0L);
            for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            {
                switch (Wire.Key(ref reader))
                {
                    case "id": id = SkillId.TryParse(reader.ReadString(), out var parsed) ? parsed : throw Wire.Invalid("id"); break;
                    case "digest": digest = Wire.Text(ref reader); break;
                    case "flags": flags = reader.ReadInt64(); break;
                    default: reader.Skip(); break;
                }
            }

            if (id == default)
            {
                throw Wire.Invalid("id");
            }

            skills.Add(new(id, new(digest), (flags & OwnerFlag) != 0));
        }

        return skills.DrainToImmutable();
    }
}
