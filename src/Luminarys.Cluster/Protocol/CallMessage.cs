using System.Collections.Immutable;
using Luminarys.Invocations;
using Luminarys.Skills;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>The master asks a node to run a call.</summary>
internal sealed record CallMessage : IWireBody<CallMessage>
{
    /// <summary>Number of the call between these two processes, from 1.</summary>
    public ulong Number { get; init; }

    /// <summary>How often the call was sent, this time included.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Every call with a number up to this one is settled.</summary>
    public ulong Done { get; init; }

    /// <summary>Numbers between those two that are not settled either, while every other is; default when nothing is said of them.</summary>
    public ImmutableArray<ulong> Open { get; init; }

    /// <summary>Which calls before this one are settled.</summary>
    public SettledNumbers Settled => new(Done, Number, Open);

    /// <summary>Skill to call.</summary>
    public SkillId Skill { get; init; }

    /// <summary>Method to call.</summary>
    public string Method { get; init; } = "";

    /// <summary>On whose behalf.</summary>
    public Caller Caller { get; init; }

    /// <summary>How many skill-to-skill calls led here.</summary>
    public int Depth { get; init; }

    /// <summary>The call at the beginning of the chain; default when it is this one.</summary>
    public CallId Root { get; init; }

    /// <summary>Trace, or empty.</summary>
    public string TraceId { get; init; } = "";

    /// <summary>The client's session, or empty.</summary>
    public string SessionId { get; init; } = "";

    /// <summary>Time left until the deadline when the message was sent, in milliseconds.</summary>
    public long LeftMs { get; init; }

    /// <summary>Arguments; empty when they are claimed.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Stands for arguments that do not fit the message, or null.</summary>
    public PayloadClaim? Claim { get; init; }

    /// <summary>The message that asks for an invocation.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="number">Its number.</param>
    /// <param name="settled">Which calls before it are settled.</param>
    /// <param name="left">Time left until its deadline; the longest time there is for no deadline.</param>
    /// <param name="claim">What stands for its arguments; null when they fit.</param>
    /// <param name="attempt">How often the call is sent, this time included.</param>
    public static CallMessage Of(Invocation invocation, ulong number, SettledNumbers settled, TimeSpan left, PayloadClaim? claim, int attempt = 1) => new()
    {
        Number = number,
        Attempt = attempt,
        Done = settled.Done,
        Open = settled.Open,
        Skill = invocation.Skill,
        Method = invocation.Method,
        Caller = invocation.Caller,
        Depth = invocation.Depth,
        Root = invocation.Root == invocation.Id ? default : invocation.Root,
        TraceId = invocation.TraceId,
        SessionId = invocation.SessionId,
        LeftMs = left == TimeSpan.MaxValue ? uint.MaxValue : (long)Math.Ceiling(left.TotalMilliseconds),
        Payload = claim is null ? invocation.Payload : default,
        Claim = claim,
    };

    public static CallMessage Read(ref MessagePackReader reader)
    {
        ImmutableArray<ulong> open = default;
        var (number, attempt, done, skill, method, kind, caller) = (0UL, 0, 0UL, default(SkillId), "", CallerKind.Edge, default(SkillId));
        var (root, claim) = (default(CallId), default(PayloadClaim));
        var (depth, trace, session, left, payload) = (0, "", "", 0L, ReadOnlyMemory<byte>.Empty);
        for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
        {
            switch (Wire.Key(ref reader))
            {
                case "n": number = reader.ReadUInt64(); break;
                case "attempt": attempt = reader.ReadInt32(); break;
                case "done": done = reader.ReadUInt64(); break;
                case "open": open = OpenOf(ref reader); break;
                case "skill": skill = SkillId.TryParse(Wire.Name(ref reader), out var id) ? id : throw Wire.Invalid("skill"); break;
                case "method": method = Wire.Name(ref reader); break;
                case "origin": kind = KindOf(Wire.Name(ref reader)); break;
                case "caller": caller = CallerOf(Wire.Name(ref reader)); break;
                case "depth": depth = reader.ReadInt32(); break;
                case "root": root = RootOf(ref reader); break;
                case "trace": trace = Wire.Text(ref reader); break;
                case "sess": session = Wire.Text(ref reader); break;
                case "left_ms": left = reader.ReadInt64(); break;
                case "payload": payload = CallFrame.Copy(ref reader); break;
                case "claim": claim = PayloadClaim.Read(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        if (number == 0 || skill == default || attempt < 1 || depth < 0 || left < 0)
        {
            throw Wire.Invalid("n, skill, attempt, depth or left_ms");
        }

        return new()
        {
            Number = number,
            Attempt = attempt,
            Done = done,
            Open = open.IsDefault ? default : [.. open.Select(offset => done + offset)],
            Skill = skill,
            Method = method,
            Caller = new(kind, caller),
            Depth = depth,
            Root = root,
            TraceId = trace,
            SessionId = session,
            LeftMs = left,
            Payload = payload,
            Claim = claim,
        };
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(12 + (Root == default ? 0 : 1) + (Open.IsDefault ? 0 : 1));
        writer.WriteString("n"u8);
        writer.Write(Number);
        writer.WriteString("attempt"u8);
        writer.Write(Attempt);
        writer.WriteString("done"u8);
        writer.Write(Done);
        if (!Open.IsDefault)
        {
            writer.WriteString("open"u8);
            writer.WriteArrayHeader(Open.Length);
            foreach (var open in Open)
            {
                writer.Write(open - Done);
            }
        }

        writer.WriteString("skill"u8);
        writer.Write(Skill.Value);
        writer.WriteString("method"u8);
        writer.Write(Method);
        writer.WriteString("caller"u8);
        writer.Write(Caller.Skill.Value);
        writer.WriteString("origin"u8);
        writer.Write(Caller.Kind switch { CallerKind.Skill => "skill", CallerKind.Self => "self", _ => "mcp" });
        writer.WriteString("depth"u8);
        writer.Write(Depth);
        if (Root != default)
        {
            writer.WriteString("root"u8);
            writer.Write(Root.ToString());
        }

        writer.WriteString("trace"u8);
        writer.Write(TraceId);
        writer.WriteString("sess"u8);
        writer.Write(SessionId);
        writer.WriteString("left_ms"u8);
        writer.Write(LeftMs);
        CallFrame.WritePayload(ref writer, Payload, Claim);
    }

    private static CallerKind KindOf(string origin) => origin switch
    {
        "mcp" => CallerKind.Edge,
        "skill" => CallerKind.Skill,
        "self" => CallerKind.Self,
        _ => throw Wire.Invalid("origin"),
    };

    // Distances from the settled number, ascending.
    private static ImmutableArray<ulong> OpenOf(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        if (count > SettledNumbers.MaxOpen)
        {
            throw Wire.Invalid("open");
        }

        var open = ImmutableArray.CreateBuilder<ulong>(count);
        for (; count > 0; count--)
        {
            var offset = reader.ReadUInt64();
            open.Add(offset > (open.Count == 0 ? 0 : open[^1]) && offset < uint.MaxValue ? offset : throw Wire.Invalid("open"));
        }

        return open.DrainToImmutable();
    }

    private static CallId RootOf(ref MessagePackReader reader) => CallId.TryParse(Wire.Text(ref reader), out var root) ? root : throw Wire.Invalid("root");

    private static SkillId CallerOf(string text) =>
        text.Length == 0 ? default : SkillId.TryParse(text, out var id) ? id : throw Wire.Invalid("caller");
}
