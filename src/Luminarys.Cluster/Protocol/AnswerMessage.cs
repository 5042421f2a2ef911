using Luminarys.Invocations;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>Answer to a control request. Only the fields that the request calls for are sent; the others read as their defaults.</summary>
internal sealed record AnswerMessage : IWireBody<AnswerMessage>
{
    /// <summary>What became of the request; <see cref="InvocationError.None"/> travels as <c>OK</c>.</summary>
    public required InvocationError Code { get; init; }

    /// <summary>More about an error, for the log of the other side.</summary>
    public string? Text { get; init; }

    /// <summary>Revision of the registry.</summary>
    public ulong? Revision { get; init; }

    /// <summary>Digest of the registry.</summary>
    public Digest128? Digest { get; init; }

    /// <summary>Highest incarnation that the master has seen of the node.</summary>
    public ulong? MaxIncarnation { get; init; }

    /// <summary>Highest revision of the node's skill list that the master has seen.</summary>
    public ulong? RegistrationRevision { get; init; }

    /// <summary>The master's heartbeat interval in milliseconds.</summary>
    public uint? HeartbeatMs { get; init; }

    /// <summary>The master's time to live of a silent node in milliseconds.</summary>
    public uint? TtlMs { get; init; }

    /// <summary>Every call of the master to this node with a number up to this one is settled.</summary>
    public ulong? Done { get; init; }

    /// <summary>Milliseconds on the master's monotonic clock.</summary>
    public ulong? T0 { get; init; }

    /// <summary>Highest epoch that the answering node knows.</summary>
    public ulong? HighestEpoch { get; init; }

    /// <summary>A stored value; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>An answer that says yes and nothing else.</summary>
    public static AnswerMessage Ok { get; } = new() { Code = InvocationError.None };

    public static AnswerMessage Read(ref MessagePackReader reader)
    {
        var answer = new AnswerMessage { Code = InvocationError.Internal };
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            answer = Wire.Key(ref reader) switch
            {
                "code" => answer with { Code = Wire.Error(ref reader) },
                "msg" => answer with { Text = Wire.Text(ref reader) },
                "rev" => answer with { Revision = reader.ReadUInt64() },
                "digest" => answer with { Digest = Wire.Digest(ref reader) },
                "inc" => answer with { MaxIncarnation = reader.ReadUInt64() },
                "reg_rev" => answer with { RegistrationRevision = reader.ReadUInt64() },
                "hb_ms" => answer with { HeartbeatMs = reader.ReadUInt32() },
                "ttl_ms" => answer with { TtlMs = reader.ReadUInt32() },
                "done" => answer with { Done = reader.ReadUInt64() },
                "t0" => answer with { T0 = reader.ReadUInt64() },
                "highest" => answer with { HighestEpoch = reader.ReadUInt64() },
                "value" => answer with { Value = CallFrame.Copy(ref reader) },
                _ => Skip(ref reader, answer),
            };
        }

        return answer;
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1 + Count(Text) + Count(Revision) + Count(Digest) + Count(MaxIncarnation) + Count(RegistrationRevision)
            + Count(HeartbeatMs) + Count(TtlMs) + Count(Done) + Count(T0) + Count(HighestEpoch) + Count(Value));
        writer.Write("code");
        Wire.WriteError(ref writer, Code);
        if (Text is not null)
        {
            writer.Write("msg");
            writer.Write(Text);
        }

        WriteNumber(ref writer, "rev", Revision);
        if (Digest is { } digest)
        {
            writer.Write("digest");
            Wire.WriteDigest(ref writer, digest);
        }

        WriteNumber(ref writer, "inc", MaxIncarnation);
        WriteNumber(ref writer, "reg_rev", RegistrationRevision);
        WriteNumber(ref writer, "hb_ms", HeartbeatMs);
        WriteNumber(ref writer, "ttl_ms", TtlMs);
        WriteNumber(ref writer, "done", Done);
        WriteNumber(ref writer, "t0", T0);
        WriteNumber(ref writer, "highest", HighestEpoch);
        if (Value is { } value)
        {
            writer.Write("value");
            writer.Write(value.Span);
        }
    }

    private static int Count(object? field) => field is null ? 0 : 1;

    private static void WriteNumber(ref MessagePackWriter writer, string key, ulong? value)
    {
        if (value is { } number)
        {
            writer.Write(key);
            writer.Write(number);
        }
    }

    private static AnswerMessage Skip(ref MessagePackReader reader, AnswerMessage answer)
    {
        reader.Skip();
        return answer;
    }
}
