using Luminarys.Cluster.Transfers;
using MessagePack;

namespace Luminarys.Cluster.Protocol.Transfers;

/// <summary>
/// What a source offers, as one sequence of bytes that nobody on the way takes apart and writes anew: its hash, with that of the acceptance, is part of the
/// keys.
/// </summary>
/// <param name="Plan">What is copied.</param>
/// <param name="Transfer">Which transfer.</param>
/// <param name="Attempt">Which attempt of it, from 1.</param>
/// <param name="Length">Size of the file in bytes.</param>
/// <param name="Fingerprint">What it is at its source.</param>
/// <param name="Mode">Permission bits, 0 to 0777.</param>
internal sealed record TransferOffer(TransferPlan Plan, UInt128 Transfer, uint Attempt, long Length, UInt128 Fingerprint, UnixFileMode Mode)
    : IWireBody<TransferOffer>
{
    /// <summary>The source's share of the keys; empty when it does not encrypt.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; init; }

    public static TransferOffer Read(ref MessagePackReader reader)
    {
        var (plan, transfer, attempt, length) = ((TransferPlan?)null, (UInt128)0, 0u, 0L);
        var (fingerprint, mode, key) = ((UInt128)0, 0, ReadOnlyMemory<byte>.Empty);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "plan": plan = TransferPlan.Read(ref reader); break;
                case "tid": transfer = TransferWire.Number(ref reader); break;
                case "attempt": attempt = reader.ReadUInt32(); break;
                case "length": length = TransferWire.Length(ref reader); break;
                case "print": fingerprint = TransferWire.Number(ref reader); break;
                case "mode": mode = reader.ReadInt32(); break;
                case "key": key = CallFrame.Copy(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return plan is null || transfer == 0 || attempt == 0 || mode is < 0 or > 0x1FF
            ? throw Wire.Invalid("plan, tid, attempt or mode")
            : new(plan, transfer, attempt, length, fingerprint, (UnixFileMode)mode) { PublicKey = key };
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(7);
        writer.Write("plan");
        Plan.Write(ref writer);
        writer.Write("tid");
        TransferWire.Write(ref writer, Transfer);
        writer.Write("attempt");
        writer.Write(Attempt);
        writer.Write("length");
        writer.Write(Length);
        writer.Write("print");
        TransferWire.Write(ref writer, Fingerprint);
        writer.Write("mode");
        writer.Write((int)Mode);
        writer.Write("key");
        writer.Write(PublicKey.Span);
    }
}
