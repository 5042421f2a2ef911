using System.Buffers;
using System.Collections.Immutable;
using Luminarys.Invocations;
using Luminarys.Nodes;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>Reading and writing of single fields. Reading is only done on bytes that <see cref="WireGuard"/> accepted.</summary>
internal static class Wire
{
    private static readonly AsciiTable s_keys = new(
    [
        "v", "t", "cid", "src", "inc", "inst", "ep", "seq", "id", "ttl_ms", "clk", "to_inst", "b", "kid", "eph", "sig", "mac", "t0", "age_ms", "code", "msg", "rev", "digest",
        "reg_rev", "hb_ms", "done", "highest", "v_min", "v_max", "role", "page", "pages", "skills", "state", "running", "free", "drain", "after",
        "more", "nodes", "gone", "prev_rev", "node", "flags", "kind", "n", "attempt", "skill", "method", "caller", "origin", "depth", "root", "trace",
        "sess", "left_ms", "payload", "k", "ctx", "pkg", "name", "ver", "desc", "text", "sdk", "mcp", "hidden", "exposed", "scopes", "methods", "callback",
        "params", "type", "req", "enum", "items", "def", "ex", "topic", "op", "scope", "key", "value", "signer", "act", "tid", "plan", "offer", "ticket",
        "report", "reports", "fault", "accept", "hash", "length", "print", "mode", "until", "relay", "seal", "from", "src", "to", "dst", "for", "replace",
        "phase", "sent", "durable", "rate", "claim", "calls", "hints", "idem", "ro", "destr", "open", "title", "size", "first", "count", "total", "bundle",
    ]);

    /// <summary>Decodes a body that stands for itself; false when it is not one of this type.</summary>
    public static bool TryRead<T>(ReadOnlyMemory<byte> bytes, out T body)
        where T : IWireBody<T>
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            body = T.Read(ref reader);
            return true;
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            body = default!;
            return false;
        }
    }

    /// <summary>
    /// Whether the exception is how the reader reports bytes that are not what was asked for. A length above 2^31 reaches it as a negative number,
    /// which it reports as an argument out of range.
    /// </summary>
    public static bool IsMalformed(Exception exception) =>
        exception is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException;

    /// <summary>The error of a field whose value is not allowed.</summary>
    public static MessagePackSerializationException Invalid(string field) => new($"The value of '{field}' is not allowed.");

    /// <summary>Reads a key; empty for one that no message of this version has. Known keys are not allocated.</summary>
    public static string Key(ref MessagePackReader reader)
    {
        if (!reader.TryReadStringSpan(out var utf8))
        {
            throw Invalid("key");
        }

        return s_keys.Find(utf8) ?? "";
    }

    public static string Text(ref MessagePackReader reader) => reader.ReadString() ?? throw Invalid("text");

    /// <summary>Reads a text that many messages have in common, such as a node's name. One that was read before is not made again.</summary>
    public static string Name(ref MessagePackReader reader) => reader.TryReadStringSpan(out var utf8) ? RecentTexts.Of(utf8) : Text(ref reader);

    public static NodeId Node(ref MessagePackReader reader) =>
        NodeId.TryParse(Name(ref reader), out var node) ? node : throw Invalid("node");

    public static InstanceId Instance(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[InstanceId.Size];
        Fixed(ref reader, bytes);
        return InstanceId.Read(bytes);
    }

    public static Digest128 Digest(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[Digest128.Size];
        Fixed(ref reader, bytes);
        return Digest128.Read(bytes);
    }

    public static CallId Id(ref MessagePackReader reader)
    {
        Span<byte> bytes = stackalloc byte[CallId.Size];
        Fixed(ref reader, bytes);
        return CallId.TryRead(bytes, out var id) ? id : throw Invalid("id");
    }

    public static void Fixed(ref MessagePackReader reader, scoped Span<byte> destination)
    {
        if (reader.ReadBytes() is not { } bytes || bytes.Length != destination.Length)
        {
            throw Invalid("bytes");
        }

        bytes.CopyTo(destination);
    }

    public static InvocationError Error(ref MessagePackReader reader)
    {
        var code = Text(ref reader);
        return code == "OK" ? InvocationError.None : InvocationErrorCodes.FromCode(code);
    }

    public static ImmutableArray<string> Texts(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        var texts = ImmutableArray.CreateBuilder<string>();
        for (; count > 0; count--)
        {
            texts.Add(Text(ref reader));
        }

        return texts.DrainToImmutable();
    }

    public static void WriteError(ref MessagePackWriter writer, InvocationError error) =>
        writer.Write(error == InvocationError.None ? "OK" : error.ToCode());

    public static void WriteInstance(ref MessagePackWriter writer, InstanceId instance)
    {
        writer.WriteBinHeader(InstanceId.Size);
        instance.Write(writer.GetSpan(InstanceId.Size));
        writer.Advance(InstanceId.Size);
    }

    public static void WriteDigest(ref MessagePackWriter writer, Digest128 digest)
    {
        writer.WriteBinHeader(Digest128.Size);
        digest.Write(writer.GetSpan(Digest128.Size));
        writer.Advance(Digest128.Size);
    }

    public static void WriteId(ref MessagePackWriter writer, CallId id)
    {
        writer.WriteBinHeader(CallId.Size);
        id.Write(writer.GetSpan(CallId.Size));
        writer.Advance(CallId.Size);
    }

    public static void WriteTexts(ref MessagePackWriter writer, ImmutableArray<string> texts)
    {
        writer.WriteArrayHeader(texts.Length);
        foreach (var text in texts)
        {
            writer.Write(text);
        }
    }
}
