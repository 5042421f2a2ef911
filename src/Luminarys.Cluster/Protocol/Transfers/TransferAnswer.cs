using System.Collections.Immutable;
using Luminarys.Cluster.Transfers;
using Luminarys.Transfers;
using MessagePack;

namespace Luminarys.Cluster.Protocol.Transfers;

/// <summary>Answer to a transfer message. Travels as the value of a control answer.</summary>
/// <param name="Fault">Why not; none when it was done.</param>
/// <param name="Text">More about it, and whose refusal it is.</param>
internal sealed record TransferAnswer(TransferFault Fault, string Text = "") : IWireBody<TransferAnswer>
{
    /// <summary>Done.</summary>
    public static TransferAnswer Ok { get; } = new(TransferFault.None);

    /// <summary>To an offer: a <see cref="TransferAcceptance"/>, byte by byte as the sink wrote it.</summary>
    public ReadOnlyMemory<byte> Acceptance { get; init; }

    /// <summary>To an offer: the ticket of the node that has the file.</summary>
    public TransferTicket? Ticket { get; init; }

    /// <summary>To an offer of a transfer that the sink has already: the file's hash.</summary>
    public ContentHash? Hash { get; init; }

    /// <summary>To status and list.</summary>
    public ImmutableArray<TransferReport> Reports { get; init; } = [];

    public static TransferAnswer Read(ref MessagePackReader reader)
    {
        var answer = new TransferAnswer(TransferFault.Protocol);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            answer = Wire.Key(ref reader) switch
            {
                "fault" => answer with { Fault = TransferWire.Fault(ref reader) },
                "msg" => answer with { Text = Wire.Text(ref reader) },
                "accept" => answer with { Acceptance = CallFrame.Copy(ref reader) },
                "ticket" => answer with { Ticket = TransferWire.Ticket(ref reader) },
                "hash" => answer with { Hash = TransferWire.Hash(ref reader) },
                "reports" => answer with { Reports = ReportsOf(ref reader) },
                _ => TransferWire.Skip(ref reader, answer),
            };
        }

        return answer;
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(
            2 + (Acceptance.IsEmpty ? 0 : 1) + (Ticket is null ? 0 : 1) + (Hash is null ? 0 : 1) + (Reports.IsEmpty ? 0 : 1));
        writer.Write("fault");
        writer.Write((byte)Fault);
        writer.Write("msg");
        writer.Write(Text);
        if (!Acceptance.IsEmpty)
        {
            writer.Write("accept");
            writer.Write(Acceptance.Span);
        }

        if (Ticket is not null)
        {
            writer.Write("ticket");
            TransferWire.Write(ref writer, Ticket);
        }

        if (Hash is { } hash)
        {
            writer.Write("hash");
            TransferWire.Write(ref writer, hash);
        }

        if (!Reports.IsEmpty)
        {
            writer.Write("reports");
            writer.WriteArrayHeader(Reports.Length);
            foreach (var report in Reports)
            {
                report.Write(ref writer);
            }
        }
    }

    private static ImmutableArray<TransferReport> ReportsOf(ref MessagePackReader reader)
    {
        var reports = ImmutableArray.CreateBuilder<TransferReport>();
        for (var count = reader.ReadArrayHeader(); count > 0; count--)
        {
            reports.Add(TransferReport.Read(ref reader));
        }

        return reports.DrainToImmutable();
    }
}
