using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>A node asks for the registry.</summary>
/// <param name="After">Last node of the page before; empty for the first page.</param>
internal sealed record SnapshotRequest(string After) : IWireBody<SnapshotRequest>
{
    public static SnapshotRequest Read(ref MessagePackReader reader)
    {
        var after = "";
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (Wire.Key(ref reader) == "after")
            {
                after = Wire.Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new(after);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.Write("after");
        writer.Write(After);
    }
}
