using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>A node stops: it takes no new calls, or it leaves.</summary>
/// <param name="IsDraining">True while calls still run; false when the node leaves now.</param>
internal sealed record DeregisterMessage(bool IsDraining) : IWireBody<DeregisterMessage>
{
    public static DeregisterMessage Read(ref MessagePackReader reader)
    {
        var isDraining = false;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (Wire.Key(ref reader) == "drain")
            {
                isDraining = reader.ReadBoolean();
            }
            else
            {
                reader.Skip();
            }
        }

        return new(isDraining);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.Write("drain");
        writer.Write(IsDraining);
    }
}
