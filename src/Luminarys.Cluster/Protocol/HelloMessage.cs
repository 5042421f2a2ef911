using Luminarys.Nodes;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>A node asks to join, or says after a reconnect that it is still there.</summary>
/// <param name="MinVersion">Lowest protocol major it speaks.</param>
/// <param name="MaxVersion">Highest protocol major it speaks.</param>
/// <param name="Role">Its role. A master that starts asks so whether another one lives.</param>
/// <param name="T0">Its monotonic clock in milliseconds.</param>
internal sealed record HelloMessage(int MinVersion, int MaxVersion, NodeRole Role, long T0) : IWireBody<HelloMessage>
{
    /// <summary>Whether it takes calls in bundles.</summary>
    public bool TakesBundles { get; init; }

    public static HelloMessage Read(ref MessagePackReader reader)
    {
        var (min, max, role, t0, takesBundles) = (0, 0, NodeRole.Slave, 0L, false);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "v_min": min = reader.ReadInt32(); break;
                case "v_max": max = reader.ReadInt32(); break;
                case "role": role = Wire.Text(ref reader) switch { "slave" => NodeRole.Slave, "master" => NodeRole.Master, _ => throw Wire.Invalid("role") }; break;
                case "t0": t0 = reader.ReadInt64(); break;
                case "bundle": takesBundles = reader.ReadBoolean(); break;
                default: reader.Skip(); break;
            }
        }

        return new(min, max, role, t0) { TakesBundles = takesBundles };
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(TakesBundles ? 5 : 4);
        writer.Write("v_min");
        writer.Write(MinVersion);
        writer.Write("v_max");
        writer.Write(MaxVersion);
        writer.Write("role");
        writer.Write(Role == NodeRole.Master ? "master" : "slave");
        writer.Write("t0");
        writer.Write(T0);
        if (TakesBundles)
        {
            writer.Write("bundle");
            writer.Write(true);
        }
    }
}
