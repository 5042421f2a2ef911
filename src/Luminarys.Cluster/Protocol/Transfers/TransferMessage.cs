using Luminarys.Cluster.Transfers;
using Luminarys.Transfers;
using MessagePack;

namespace Luminarys.Cluster.Protocol.Transfers;

/// <summary>Everything that nodes and master say about transfers. Only the fields that the act calls for are sent.</summary>
/// <param name="Act">What it asks for.</param>
/// <param name="Transfer">Which transfer; 0 where all are meant.</param>
internal sealed record TransferMessage(TransferAct Act, UInt128 Transfer) : IWireBody<TransferMessage>
{
    /// <summary>On start and send: what is to be copied.</summary>
    public TransferPlan? Plan { get; init; }

    /// <summary>On offer: a <see cref="TransferOffer"/>, byte by byte as its source wrote it.</summary>
    public ReadOnlyMemory<byte> Offer { get; init; }

    /// <summary>On an offer that the master passes on: the ticket of the node that shall get the file.</summary>
    public TransferTicket? Ticket { get; init; }

    /// <summary>On report.</summary>
    public TransferReport? Report { get; init; }

    public static TransferMessage Read(ref MessagePackReader reader)
    {
        var message = new TransferMessage((TransferAct)(-1), 0);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            message = Wire.Key(ref reader) switch
            {
                "act" => message with { Act = ActOf(Wire.Text(ref reader)) },
                "tid" => message with { Transfer = TransferWire.Number(ref reader) },
                "plan" => message with { Plan = TransferPlan.Read(ref reader) },
                "offer" => message with { Offer = CallFrame.Copy(ref reader) },
                "ticket" => message with { Ticket = TransferWire.Ticket(ref reader) },
                "report" => message with { Report = TransferReport.Read(ref reader) },
                _ => TransferWire.Skip(ref reader, message),
            };
        }

        return message.IsComplete ? message : throw Wire.Invalid("act");
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2 + (Plan is null ? 0 : 1) + (Offer.IsEmpty ? 0 : 1) + (Ticket is null ? 0 : 1) + (Report is null ? 0 : 1));
        writer.Write("act");
        writer.Write(NameOf(Act));
        writer.Write("tid");
        TransferWire.Write(ref writer, Transfer);
        if (Plan is not null)
        {
            writer.Write("plan");
            Plan.Write(ref writer);
        }

        if (!Offer.IsEmpty)
        {
            writer.Write("offer");
            writer.Write(Offer.Span);
        }

        if (Ticket is not null)
        {
            writer.Write("ticket");
            TransferWire.Write(ref writer, Ticket);
        }

        if (Report is not null)
        {
            writer.Write("report");
            Report.Write(ref writer);
        }
    }

    private bool IsComplete => Act switch
    {
        TransferAct.Start or TransferAct.Send => Plan is not null && Transfer != 0,
        TransferAct.Offer => !Offer.IsEmpty && Transfer != 0,
        TransferAct.Report => Report is not null && Transfer != 0,
        TransferAct.Status or TransferAct.Cancel => Transfer != 0,
        _ => Act == TransferAct.List,
    };

    private static string NameOf(TransferAct act) => act switch
    {
        TransferAct.Start => "start",
        TransferAct.Send => "send",
        TransferAct.Offer => "offer",
        TransferAct.Report => "report",
        TransferAct.Status => "status",
        TransferAct.Cancel => "cancel",
        _ => "list",
    };

    private static TransferAct ActOf(string name) => name switch
    {
        "start" => TransferAct.Start,
        "send" => TransferAct.Send,
        "offer" => TransferAct.Offer,
        "report" => TransferAct.Report,
        "status" => TransferAct.Status,
        "cancel" => TransferAct.Cancel,
        "list" => TransferAct.List,
        _ => throw Wire.Invalid("act"),
    };
}
