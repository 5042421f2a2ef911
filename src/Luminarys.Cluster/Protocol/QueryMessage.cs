using System.Collections.Immutable;
using Luminarys.Invocations;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>
/// The master asks what became of calls. The node answers each with a frame on the call's own subject: progress when it runs, its last frame when it ended, and a
/// reject when it was never seen, which from then on it never can be.
/// </summary>
/// <param name="Calls">Id and number of each.</param>
internal sealed record QueryMessage(ImmutableArray<(CallId Id, ulong Number)> Calls) : IWireBody<QueryMessage>
{
    /// <summary>Most calls in one message.</summary>
    public const int MaxCalls = 256;

    public static QueryMessage Read(ref MessagePackReader reader)
    {
        var calls = ImmutableArray.CreateBuilder<(CallId, ulong)>();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (Wire.Key(ref reader) != "calls")
            {
                reader.Skip();
                continue;
            }

            var count = reader.ReadArrayHeader();
            if (count > MaxCalls)
            {
                throw Wire.Invalid("calls");
            }

            for (; count > 0; count--)
            {
                calls.Add(ReadCall(ref reader));
            }
        }

        return new(calls.DrainToImmutable());
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.Write("calls");
        writer.WriteArrayHeader(Calls.Length);
        foreach (var (id, number) in Calls)
        {
            writer.WriteArrayHeader(2);
            Wire.WriteId(ref writer, id);
            writer.Write(number);
        }
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
