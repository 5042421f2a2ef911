using MessagePack;

namespace Luminarys.Cluster.Protocol.Transfers;

/// <summary>What a sink answers to an offer, as bytes that nobody on the way changes: see <see cref="TransferOffer"/>.</summary>
/// <param name="Transfer">Which transfer.</param>
/// <param name="Attempt">Which attempt of it.</param>
internal sealed record TransferAcceptance(UInt128 Transfer, uint Attempt) : IWireBody<TransferAcceptance>
{
    /// <summary>The sink's share of the keys; empty when it does not encrypt.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; init; }

    public static TransferAcceptance Read(ref MessagePackReader reader)
    {
        var (transfer, attempt, key) = ((UInt128)0, 0u, ReadOnlyMemory<byte>.Empty);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "tid": transfer = TransferWire.Number(ref reader); break;
                case "attempt": attempt = reader.ReadUInt32(); break;
                case "key": key = CallFrame.Copy(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new(transfer, attempt) { PublicKey = key };
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.Write("tid");
        TransferWire.Write(ref writer, Transfer);
        writer.Write("attempt");
        writer.Write(Attempt);
        writer.Write("key");
        writer.Write(PublicKey.Span);
    }
}
