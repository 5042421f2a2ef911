using System.Buffers;
using Luminarys.Invocations;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>One answer to a call: none or more of ack and progress, then exactly one of reject, result and error.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Number">The call's number.</param>
internal sealed record CallFrame(CallFrameKind Kind, ulong Number) : IWireBody<CallFrame>
{
    /// <summary>Why; on reject and error.</summary>
    public InvocationError Code { get; init; }

    /// <summary>More about it, for the caller; on reject and error, and on progress, or null.</summary>
    public string? Text { get; init; }

    /// <summary>What is done; on progress, or null when the node only says that the call runs.</summary>
    public double? Done { get; init; }

    /// <summary>What there is to do; on progress, or null.</summary>
    public double? Total { get; init; }

    /// <summary>The result; on result.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Travels in place of a result that does not fit the message, or null.</summary>
    public PayloadClaim? Claim { get; init; }

    /// <summary>Text for the model behind the client; on result, or null.</summary>
    public string? LlmContext { get; init; }

    /// <summary>Whether it ends the call.</summary>
    public bool IsTerminal => Kind is CallFrameKind.Reject or CallFrameKind.Result or CallFrameKind.Error;

    public static CallFrame Read(ref MessagePackReader reader)
    {
        var (kind, number, code, payload) = (CallFrameKind.Error, 0UL, InvocationError.None, ReadOnlyMemory<byte>.Empty);
        string? text = null, context = null;
        PayloadClaim? claim = null;
        double? done = null, total = null;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "k": kind = KindOf(Wire.Name(ref reader)); break;
                case "n": number = reader.ReadUInt64(); break;
                case "code": code = Wire.Error(ref reader); break;
                case "msg": text = Wire.Text(ref reader); break;
                case "done": done = Amount(ref reader); break;
                case "total": total = Amount(ref reader); break;
                case "payload": payload = Copy(ref reader); break;
                case "claim": claim = PayloadClaim.Read(ref reader); break;
                case "ctx": context = Wire.Text(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        var needsCode = kind is CallFrameKind.Reject or CallFrameKind.Error;
        return needsCode == (code != InvocationError.None)
            ? new(kind, number) { Code = code, Text = text, Done = done, Total = total, Payload = payload, Claim = claim, LlmContext = context }
            : throw Wire.Invalid("code");
    }

    public void Write(ref MessagePackWriter writer)
    {
        var hasCode = Code != InvocationError.None;
        writer.WriteMapHeader(
            2 + (hasCode ? 1 : 0) + (Text is null ? 0 : 1) + (Done is null ? 0 : 1) + (Total is null ? 0 : 1) + (Kind == CallFrameKind.Result ? 1 : 0) + (LlmContext is null ? 0 : 1));
        writer.WriteString("k"u8);
        writer.Write(NameOf(Kind));
        writer.WriteString("n"u8);
        writer.Write(Number);
        if (hasCode)
        {
            writer.WriteString("code"u8);
            Wire.WriteError(ref writer, Code);
        }

        if (Text is not null)
        {
            writer.WriteString("msg"u8);
            writer.Write(Text);
        }

        WriteAmount(ref writer, "done"u8, Done);
        WriteAmount(ref writer, "total"u8, Total);
        if (Kind == CallFrameKind.Result)
        {
            WritePayload(ref writer, Payload, Claim);
        }

        if (LlmContext is not null)
        {
            writer.WriteString("ctx"u8);
            writer.Write(LlmContext);
        }
    }

    private static double Amount(ref MessagePackReader reader)
    {
        var amount = reader.ReadDouble();
        return double.IsFinite(amount) && amount >= 0 ? amount : throw Wire.Invalid("done");
    }

    private static void WriteAmount(ref MessagePackWriter writer, ReadOnlySpan<byte> key, double? amount)
    {
        if (amount is { } value)
        {
            writer.WriteString(key);
            writer.Write(value);
        }
    }

    /// <summary>Reads bytes into an array of their own: they outlive the message.</summary>
    internal static ReadOnlyMemory<byte> Copy(ref MessagePackReader reader) =>
        reader.ReadBytes() is { } bytes ? bytes.ToArray() : throw Wire.Invalid("payload");

    /// <summary>Writes a payload, or what stands for it.</summary>
    internal static void WritePayload(ref MessagePackWriter writer, ReadOnlyMemory<byte> payload, PayloadClaim? claim)
    {
        if (claim is null)
        {
            writer.WriteString("payload"u8);
            writer.Write(payload.Span);
        }
        else
        {
            writer.WriteString("claim"u8);
            claim.Write(ref writer);
        }
    }

    private static string NameOf(CallFrameKind kind) => kind switch
    {
        CallFrameKind.Ack => "ack",
        CallFrameKind.Reject => "reject",
        CallFrameKind.Progress => "progress",
        CallFrameKind.Result => "result",
        _ => "error",
    };

    private static CallFrameKind KindOf(string name) => name switch
    {
        "ack" => CallFrameKind.Ack,
        "reject" => CallFrameKind.Reject,
        "progress" => CallFrameKind.Progress,
        "result" => CallFrameKind.Result,
        "error" => CallFrameKind.Error,
        _ => throw Wire.Invalid("k"),
    };
}
