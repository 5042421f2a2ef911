using System.Text;
using MessagePack;

namespace Luminarys.Skills.Messages;

/// <summary>What a guest sent, for people.</summary>
public static class MessageText
{
    /// <summary>
    /// A result as text: text as it is, everything else as compact JSON with bytes in base64; empty when there is none. What is not MessagePack is said so.
    /// </summary>
    public static string Of(ReadOnlyMemory<byte> message)
    {
        if (message.IsEmpty)
        {
            return "";
        }

        if (MessageGuard.FindFault(message.Span) is { } fault)
        {
            return $"(malformed: {fault})";
        }

        var reader = new MessagePackReader(message);
        return reader.NextMessagePackType == MessagePackType.String
            ? Encoding.UTF8.GetString(GuestValue.ReadBytes(ref reader).Span)
            : GuestJson.Read(ref reader);
    }
}
