using System.Collections.Immutable;
using Luminarys.Invocations;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>
/// The sender of calls asks what became of them: the master its nodes, a node the master. The other side answers each with a frame on the call's own subject: progress when it runs, its last frame when it ended, and a
/// reject when it was never seen, which from then on it never can be.
/// </summary>
/// <param name="Calls">Id and number of each.</param>
/// <param name="Incarnation">Of a node that asks: its incarnation when it made the calls; the master remembers no numbers of an earlier one. 0 of the master.</param>
internal sealed record QueryMessage(ImmutableArray<(CallId Id, ulong Number)> Calls, ulong Incarnation = 0) : IWireBody<QueryMessage>
{
    /// <summary>Most calls in one message.</summary>
    public const int MaxCalls = 256;

    /// <summary>What is said of a call that never arrived, and from now on never begins.</summary>
    public static CallFrame NeverSeen(ulong number) => new(CallFrameKind.Reject, number) { Code = InvocationError.NotServing, Text = "the call never arrived" };

    /// <summary>What is said of a call that arrived, and of which nothing more is known.</summary>
    public static CallFrame NotKnown(ulong number) =>
        new(CallFrameKind.Error, number) { Code = InvocationError.OutcomeUnknown, Text = "nobody knows any more what became of the call" };

    public static QueryMessage Read(ref MessagePackReader reader)
    {
        var (calls, incarnation) = (ImmutableArray<(CallId, ulong)>.Empty, 0UL);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "calls": calls = ReadCalls(ref reader); break;
                case "inc": incarnation = reader.ReadUInt64(); break;
                default: reader.Skip(); break;
            }
        }

        return new(calls, incarnation);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(Incarnation == 0 ? 1 : 2);
        writer.Write("calls");
        writer.WriteArrayHeader(Calls.Length);
        foreach (var (id, number) in Calls)
        {
            writer.WriteArrayHeader(2);
            Wire.WriteId(ref writer, id);
            writer.Write(number);
        }

        if (Incarnation != 0)
        {
            writer.Write("inc");
            writer.Write(Incarnation);
        }
    }

    private static ImmutableArray<(CallId Id, ulong Number)> ReadCalls(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        if (count > MaxCalls)
        {
            throw Wire.Invalid("calls");
        }

        var calls = ImmutableArray.CreateBuilder<(CallId, ulong)>(count);
        for (; count > 0; count--)
        {
            calls.Add(ReadCall(ref reader));
        }

        return calls.DrainToImmutable();
    }

    private static (CallId Id, ulong Number) ReadCall(ref MessagePackReader reader)
    {
        if (reader.ReadArrayHeader() != 2)
        {
            throw Wire.Invalid("calls");
        }

        var id = Wire.Id(ref reader);
        return reader.ReadUInt64() is > 0 and var number ? (id, number) : throw Wire.Invalid("n");
    }
}
