using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Transfers;
using MessagePack;

namespace Luminarys.Cluster.Transfers;

/// <summary>How far a transfer is.</summary>
/// <param name="Transfer">Which.</param>
/// <param name="Plan">What it copies.</param>
/// <param name="Phase">How far.</param>
internal sealed record TransferReport(UInt128 Transfer, TransferPlan Plan, TransferPhase Phase) : IWireBody<TransferReport>
{
    /// <summary>Size of the file in bytes; 0 while it is not known.</summary>
    public long Length { get; init; }

    /// <summary>How much of it was sent.</summary>
    public long Sent { get; init; }

    /// <summary>How much of it is on the receiver's disk.</summary>
    public long Durable { get; init; }

    /// <summary>Bytes each second, lately.</summary>
    public long Rate { get; init; }

    /// <summary>Attempt, from 1; 0 before the first.</summary>
    public uint Attempt { get; init; }

    /// <summary>How it ended, or what its last attempt ended with.</summary>
    public TransferFault Fault { get; init; }

    /// <summary>More about it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of the whole file, when the receiver has it.</summary>
    public ContentHash? Hash { get; init; }

    /// <summary>The same for those who only look.</summary>
    public TransferProgress ToProgress() => new(Transfer, new(Plan.From, Plan.FromPath), new(Plan.To, Plan.ToPath), StateOf(Phase))
    {
        Requester = Plan.For,
        Skill = Plan.Skill,
        Root = Plan.Root,
        Length = Length,
        Sent = Sent,
        Stored = Durable,
        Rate = Rate,
        Attempt = (int)Attempt,
        Fault = Fault,
        Text = Text,
        Hash = Hash,
    };

    public static TransferReport Read(ref MessagePackReader reader)
    {
        var (transfer, plan, phase) = ((UInt128)0, (TransferPlan?)null, TransferPhase.Waiting);
        var (length, sent, durable, rate) = (0L, 0L, 0L, 0L);
        var (attempt, fault, text, hash) = (0u, TransferFault.None, "", (ContentHash?)null);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "tid": transfer = TransferWire.Number(ref reader); break;
                case "plan": plan = TransferPlan.Read(ref reader); break;
                case "phase": phase = PhaseOf(Wire.Text(ref reader)); break;
                case "length": length = TransferWire.Length(ref reader); break;
                case "sent": sent = TransferWire.Length(ref reader); break;
                case "durable": durable = TransferWire.Length(ref reader); break;
                case "rate": rate = TransferWire.Length(ref reader); break;
                case "attempt": attempt = reader.ReadUInt32(); break;
                case "fault": fault = TransferWire.Fault(ref reader); break;
                case "msg": text = Wire.Text(ref reader); break;
                case "hash": hash = TransferWire.Hash(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return plan is null || transfer == 0
            ? throw Wire.Invalid("tid or plan")
            : new(transfer, plan, phase) { Length = length, Sent = sent, Durable = durable, Rate = rate, Attempt = attempt, Fault = fault, Text = text, Hash = hash };
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(10 + (Hash is null ? 0 : 1));
        writer.Write("tid");
        TransferWire.Write(ref writer, Transfer);
        writer.Write("plan");
        Plan.Write(ref writer);
        writer.Write("phase");
        writer.Write(Phase switch { TransferPhase.Running => "running", TransferPhase.Ended => "ended", _ => "waiting" });
        writer.Write("length");
        writer.Write(Length);
        writer.Write("sent");
        writer.Write(Sent);
        writer.Write("durable");
        writer.Write(Durable);
        writer.Write("rate");
        writer.Write(Rate);
        writer.Write("attempt");
        writer.Write(Attempt);
        writer.Write("fault");
        writer.Write((byte)Fault);
        writer.Write("msg");
        writer.Write(Text);
        if (Hash is { } hash)
        {
            writer.Write("hash");
            TransferWire.Write(ref writer, hash);
        }
    }

    private static TransferState StateOf(TransferPhase phase) => phase switch
    {
        TransferPhase.Running => TransferState.Running,
        TransferPhase.Ended => TransferState.Ended,
        _ => TransferState.Waiting,
    };

    private static TransferPhase PhaseOf(string name) => name switch
    {
        "waiting" => TransferPhase.Waiting,
        "running" => TransferPhase.Running,
        "ended" => TransferPhase.Ended,
        _ => throw Wire.Invalid("phase"),
    };
}
