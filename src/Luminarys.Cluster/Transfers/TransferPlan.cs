using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Invocations;
using Luminarys.Nodes;
using MessagePack;

namespace Luminarys.Cluster.Transfers;

/// <summary>What is to be copied where, and for whom.</summary>
/// <param name="From">Node that has the file.</param>
/// <param name="FromPath">Absolute path there.</param>
/// <param name="To">Node that shall get it.</param>
/// <param name="ToPath">Absolute path there.</param>
/// <param name="For">Node, or operator, that wants it.</param>
internal sealed record TransferPlan(NodeId From, string FromPath, NodeId To, string ToPath, NodeId For) : IWireBody<TransferPlan>
{
    private const int MaxPath = 4096;

    /// <summary>The skill that wants it, for logs; empty for an operator.</summary>
    public string Skill { get; init; } = "";

    /// <summary>The call at the beginning of the chain that asked for it; none for an operator.</summary>
    public CallId Root { get; init; }

    /// <summary>Whether it may take the place of a file that has the name.</summary>
    public bool Overwrites { get; init; } = true;

    public static TransferPlan Read(ref MessagePackReader reader)
    {
        var (from, fromPath, to, toPath, wanting) = (default(NodeId), "", default(NodeId), "", default(NodeId));
        var (skill, root, overwrites) = ("", default(CallId), true);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "from": from = Wire.Node(ref reader); break;
                case "src": fromPath = Path(ref reader); break;
                case "to": to = Wire.Node(ref reader); break;
                case "dst": toPath = Path(ref reader); break;
                case "for": wanting = Wire.Node(ref reader); break;
                case "skill": skill = Wire.Text(ref reader); break;
                case "root": root = CallId.TryParse(Wire.Text(ref reader), out var call) ? call : throw Wire.Invalid("root"); break;
                case "replace": overwrites = reader.ReadBoolean(); break;
                default: reader.Skip(); break;
            }
        }

        return from == default || to == default || wanting == default || fromPath.Length == 0 || toPath.Length == 0
            ? throw Wire.Invalid("from, to, for, src or dst")
            : new(from, fromPath, to, toPath, wanting) { Skill = skill, Root = root, Overwrites = overwrites };
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(7 + (Root == default ? 0 : 1));
        writer.Write("from");
        writer.Write(From.Value);
        writer.Write("src");
        writer.Write(FromPath);
        writer.Write("to");
        writer.Write(To.Value);
        writer.Write("dst");
        writer.Write(ToPath);
        writer.Write("for");
        writer.Write(For.Value);
        writer.Write("skill");
        writer.Write(Skill);
        if (Root != default)
        {
            writer.Write("root");
            writer.Write(Root.ToString());
        }

        writer.Write("replace");
        writer.Write(Overwrites);
    }

    private static string Path(ref MessagePackReader reader) => Wire.Text(ref reader) is { Length: <= MaxPath } path ? path : throw Wire.Invalid("path");
}
