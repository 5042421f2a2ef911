namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>A request of one of the TCP functions; each uses a part of it.</summary>
internal sealed record TcpCall
{
    public string Address { get; init; } = "";

    public string ConnectionId { get; init; } = "";

    /// <summary>Method to call with what arrives; empty to read and discard.</summary>
    public string Callback { get; init; } = "";

    public ReadOnlyMemory<byte> Data { get; init; }

    public bool IsTls { get; init; }

    public bool IsInsecure { get; init; }

    /// <summary>Name to ask for in TLS instead of the host; empty for the host.</summary>
    public string ServerName { get; init; } = "";

    public long TimeoutMs { get; init; }

    public long MaxBytes { get; init; }

    public static TcpCall Read(ReadOnlyMemory<byte> request)
    {
        var call = new TcpCall();
        var fields = new FieldReader(request);
        while (fields.TryNext(out var key))
        {
            switch (key)
            {
                case "addr":
                    call = call with { Address = fields.Text() };
                    break;
                case "conn_id":
                    call = call with { ConnectionId = fields.Text() };
                    break;
                case "callback":
                    call = call with { Callback = fields.Text() };
                    break;
                case "data":
                    call = call with { Data = fields.Bytes() };
                    break;
                case "tls":
                    call = call with { IsTls = fields.Flag() };
                    break;
                case "insecure":
                    call = call with { IsInsecure = fields.Flag() };
                    break;
                case "server_name":
                    call = call with { ServerName = fields.Text() };
                    break;
                case "timeout_ms":
                    call = call with { TimeoutMs = fields.Integer() };
                    break;
                case "max_bytes":
                    call = call with { MaxBytes = fields.Integer() };
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return call;
    }
}
