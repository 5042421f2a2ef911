using System.Collections.Immutable;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>A request of one of the WebSocket functions; each uses a part of it.</summary>
internal sealed record WebSocketCall
{
    public string Url { get; init; } = "";

    public ImmutableArray<HttpHeader> Headers { get; init; } = [];

    public string ConnectionId { get; init; } = "";

    public string Callback { get; init; } = "";

    public bool IsInsecure { get; init; }

    public long TimeoutMs { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    public string MessageType { get; init; } = "";

    public long Code { get; init; }

    public string Reason { get; init; } = "";

    public static WebSocketCall Read(ReadOnlyMemory<byte> request)
    {
        var call = new WebSocketCall();
        var fields = new FieldReader(request);
        while (fields.TryNext(out var key))
        {
            switch (key)
            {
                case "url":
                    call = call with { Url = fields.Text() };
                    break;
                case "headers":
                    call = call with { Headers = fields.Maps(HttpRequests.ReadHeader) };
                    break;
                case "conn_id":
                    call = call with { ConnectionId = fields.Text() };
                    break;
                case "callback":
                    call = call with { Callback = fields.Text() };
                    break;
                case "insecure":
                    call = call with { IsInsecure = fields.Flag() };
                    break;
                case "timeout_ms":
                    call = call with { TimeoutMs = fields.Integer() };
                    break;
                case "data":
                    call = call with { Data = fields.Bytes() };
                    break;
                case "message_type":
                    call = call with { MessageType = fields.Text() };
                    break;
                case "code":
                    call = call with { Code = fields.Integer() };
                    break;
                case "reason":
                    call = call with { Reason = fields.Text() };
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return call;
    }
}
