using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>The master gives up a call, whose id is the envelope's. One that has not arrived yet is never begun.</summary>
/// <param name="Number">The call's number.</param>
/// <param name="Attempt">How often the call was sent.</param>
internal sealed record CancelMessage(ulong Number, int Attempt) : IWireBody<CancelMessage>
{
    public static CancelMessage Read(ref MessagePackReader reader)
    {
        var (number, attempt) = (0UL, 1);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "n": number = reader.ReadUInt64(); break;
                case "attempt": attempt = reader.ReadInt32(); break;
                default: reader.Skip(); break;
            }
        }

        return number == 0 ? throw Wire.Invalid("n") : new(number, attempt);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.Write("n");
        writer.Write(Number);
        writer.Write("attempt");
        writer.Write(Attempt);
    }
}
