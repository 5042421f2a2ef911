using System.Buffers;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Http;

/// <summary>A request that calls a tool and asks for nothing else, with each member where the protocol has it and no other.</summary>
/// <param name="Id">What the answer is to name.</param>
/// <param name="Parameters">The call.</param>
internal sealed record DirectCall(RequestId Id, CallToolRequestParams Parameters)
{
    /// <summary>The protocol without sessions that it reads.</summary>
    public const string Version = "2026-07-28";

    private const int Members = 4;
    private const int MetaMembers = 3;
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the body of a request in a session; null when it is anything else, right or wrong.</summary>
    public static DirectCall? Read(in ReadOnlySequence<byte> body) => Read(body, parameters =>
        parameters.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? ReadParameters(parameters, name.GetString()!, members: 1) : null);

    /// <summary>Reads the body of a request without one, which says of whom it is; null when it is anything else, right or wrong.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="name">The tool that the header names.</param>
    public static DirectCall? Read(in ReadOnlySequence<byte> body, string name) => Read(body, parameters =>
        IsText(parameters, "name", name) && parameters.TryGetProperty("_meta", out var meta) && IsPlain(meta) ? ReadParameters(parameters, name, members: 2) : null);

    private static DirectCall? Read(in ReadOnlySequence<byte> body, Func<JsonElement, CallToolRequestParams?> read)
    {
        try
        {
            var message = JsonElement.Parse(body.IsSingleSegment ? body.FirstSpan : body.ToArray(), s_strict);
            return IsObject(message, Members) && IsText(message, "jsonrpc", "2.0") && IsText(message, "method", RequestMethods.ToolsCall)
                && message.TryGetProperty("id", out var id) && IdOf(id) is { } identity
                && message.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object && read(parameters) is { } call
                ? new(identity, call) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, names given twice, or no text: whoever reads it next says so.
            return null;
        }
    }

    private static CallToolRequestParams? ReadParameters(JsonElement parameters, string name, int members)
    {
        var call = new CallToolRequestParams { Name = name };
        if (parameters.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.Object)
        {
            call.Arguments = arguments.EnumerateObject().ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal);
            members++;
        }

        return parameters.GetPropertyCount() == members ? call : null;
    }

    // No wish for progress, and no trace to continue.
    private static bool IsPlain(JsonElement meta) => IsObject(meta, MetaMembers) && IsText(meta, "io.modelcontextprotocol/protocolVersion", Version)
        && meta.TryGetProperty("io.modelcontextprotocol/clientInfo", out var client) && IsRead<Implementation>(client)
        && meta.TryGetProperty("io.modelcontextprotocol/clientCapabilities", out var capabilities) && (IsObject(capabilities, 0) || IsRead<ClientCapabilities>(capabilities));

    private static bool IsRead<T>(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.Deserialize<T>(McpJsonUtilities.DefaultOptions) is not null;

    private static bool IsObject(JsonElement value, int members) => value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == members;

    private static bool IsText(JsonElement parent, string name, string text) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static RequestId? IdOf(JsonElement id) => id.ValueKind switch
    {
        JsonValueKind.String => new(id.GetString()!),
        JsonValueKind.Number when id.TryGetInt64(out var number) => new(number),
        _ => null,
    };
}
