using System.Text;
using System.Text.Json;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>The structured fields of a log line.</summary>
internal static class LogFields
{
    private const int MaxFields = 32;

    /// <summary>Reads a map as JSON; those beyond 32 are counted only. Empty for an empty map.</summary>
    public static string Read(ref MessagePackReader reader)
    {
        var count = reader.ReadMapHeader();
        var json = new StringBuilder();
        for (var at = 0; at < count; at++)
        {
            if (at >= MaxFields)
            {
                reader.Skip();
                reader.Skip();
                continue;
            }

            json.Append(at == 0 ? "{" : ",");
            if (reader.NextMessagePackType == MessagePackType.String)
            {
                json.Append('"').Append(JsonEncodedText.Encode(GuestValue.ReadText(ref reader))).Append('"');
            }
            else
            {
                reader.Skip();
                json.Append("\"?\"");
            }

            json.Append(':').Append(GuestJson.Read(ref reader));
        }

        return count == 0 ? "" : count > MaxFields ? $"{json}}} and {count - MaxFields} more fields" : $"{json}}}";
    }
}
