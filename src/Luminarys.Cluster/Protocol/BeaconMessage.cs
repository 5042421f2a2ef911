using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>The master tells all nodes that it is there.</summary>
/// <param name="Kind">Why it is sent.</param>
/// <param name="Revision">Revision of the registry.</param>
/// <param name="Digest">Digest of the registry.</param>
internal sealed record BeaconMessage(BeaconKind Kind, ulong Revision, Digest128 Digest) : IWireBody<BeaconMessage>
{
    public static BeaconMessage Read(ref MessagePackReader reader)
    {
        var message = new BeaconMessage(BeaconKind.Alive, 0, default);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "kind": message = message with { Kind = KindOf(Wire.Text(ref reader)) }; break;
                case "rev": message = message with { Revision = reader.ReadUInt64() }; break;
                case "digest": message = message with { Digest = Wire.Digest(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return message;
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.Write("kind");
        writer.Write(Kind switch
        {
            BeaconKind.Probe => "probe",
            BeaconKind.Online => "online",
            BeaconKind.Leaving => "leaving",
            _ => "alive",
        });
        writer.Write("rev");
        writer.Write(Revision);
        writer.Write("digest");
        Wire.WriteDigest(ref writer, Digest);
    }

    private static BeaconKind KindOf(string kind) => kind switch
    {
        "probe" => BeaconKind.Probe,
        "online" => BeaconKind.Online,
        "leaving" => BeaconKind.Leaving,
        _ => BeaconKind.Alive,
    };
}
