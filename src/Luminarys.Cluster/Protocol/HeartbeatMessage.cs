using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>A node says that it lives; the answer is the master's confirmation.</summary>
/// <param name="IsDraining">The node takes no new calls.</param>
/// <param name="RegistrationRevision">Revision of its skill list.</param>
/// <param name="Digest">Digest of its skill list.</param>
/// <param name="Revision">Registry revision that it has seen.</param>
/// <param name="Running">Calls that run.</param>
/// <param name="Free">Calls that it would take in addition.</param>
/// <param name="T0">Its monotonic clock in milliseconds.</param>
internal sealed record HeartbeatMessage(
    bool IsDraining, ulong RegistrationRevision, Digest128 Digest, ulong Revision, int Running, int Free, long T0) : IWireBody<HeartbeatMessage>
{
    public static HeartbeatMessage Read(ref MessagePackReader reader)
    {
        var beat = new HeartbeatMessage(false, 0, default, 0, 0, 0, 0);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "state": beat = beat with { IsDraining = Wire.Text(ref reader) == "draining" }; break;
                case "reg_rev": beat = beat with { RegistrationRevision = reader.ReadUInt64() }; break;
                case "digest": beat = beat with { Digest = Wire.Digest(ref reader) }; break;
                case "rev": beat = beat with { Revision = reader.ReadUInt64() }; break;
                case "running": beat = beat with { Running = reader.ReadInt32() }; break;
                case "free": beat = beat with { Free = reader.ReadInt32() }; break;
                case "t0": beat = beat with { T0 = reader.ReadInt64() }; break;
                default: reader.Skip(); break;
            }
        }

        return beat;
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(7);
        writer.Write("state");
        writer.Write(IsDraining ? "draining" : "serving");
        writer.Write("reg_rev");
        writer.Write(RegistrationRevision);
        writer.Write("digest");
        Wire.WriteDigest(ref writer, Digest);
        writer.Write("rev");
        writer.Write(Revision);
        writer.Write("running");
        writer.Write(Running);
        writer.Write("free");
        writer.Write(Free);
        writer.Write("t0");
        writer.Write(T0);
    }
}
