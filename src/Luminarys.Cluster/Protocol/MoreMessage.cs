using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>Asks for parts of a payload, whose id is the envelope's; for none when it is not wanted any more.</summary>
/// <param name="First">The first part that is asked for, from 0.</param>
/// <param name="Count">How many, that one included.</param>
internal sealed record MoreMessage(int First, int Count) : IWireBody<MoreMessage>
{
    /// <summary>Most parts that may be on their way at once.</summary>
    public const int Window = 8;

    /// <summary>Says that nothing more is wanted.</summary>
    public static MoreMessage None { get; } = new(0, 0);

    public static MoreMessage Read(ref MessagePackReader reader)
    {
        var (first, count) = (0, -1);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "first": first = reader.ReadInt32(); break;
                case "count": count = reader.ReadInt32(); break;
                default: reader.Skip(); break;
            }
        }

        return first >= 0 && count is >= 0 and <= Window ? new(first, count) : throw Wire.Invalid("first or count");
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.Write("first");
        writer.Write(First);
        writer.Write("count");
        writer.Write(Count);
    }
}
