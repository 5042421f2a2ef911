namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Requests of the three HTTP functions. Keys that a guest leaves out, and nil, count as empty.</summary>
internal static class HttpRequests
{
    public static HttpCall ReadGet(ReadOnlyMemory<byte> request) => Read(request) with { Method = "GET", Headers = [], Cookies = [], Body = default, FollowRedirects = true, UseJar = false };

    public static HttpCall ReadPost(ReadOnlyMemory<byte> request)
    {
        var contentType = "";
        var call = Read(request, value => contentType = value);
        return call with
        {
            Method = "POST",
            Headers = [new("Content-Type", contentType.Length > 0 ? contentType : "application/octet-stream")],
            Cookies = [],
            FollowRedirects = true,
            UseJar = false,
        };
    }

    public static HttpCall ReadRequest(ReadOnlyMemory<byte> request) => Read(request);

    /// <summary>A map of name and value; what else it holds is skipped.</summary>
    public static HttpHeader ReadHeader(FieldReader fields)
    {
        var header = new HttpHeader("", "");
        while (fields.TryNext(out var key))
        {
            switch (key)
            {
                case "name":
                    header = header with { Name = fields.Text() };
                    break;
                case "value":
                    header = header with { Value = fields.Text() };
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return header;
    }

    private static HttpCall Read(ReadOnlyMemory<byte> request, Action<string>? takeContentType = null)
    {
        var call = new HttpCall();
        var fields = new FieldReader(request);
        while (fields.TryNext(out var key))
        {
            switch (key)
            {
                case "method":
                    call = fields.Text() is { Length: > 0 } method ? call with { Method = method } : call;
                    break;
                case "url":
                    call = call with { Url = fields.Text() };
                    break;
                case "headers":
                    call = call with { Headers = fields.Maps(ReadHeader) };
                    break;
                case "cookies":
                    call = call with { Cookies = fields.Maps(ReadHeader) };
                    break;
                case "body":
                    call = call with { Body = fields.Bytes() };
                    break;
                case "timeout_ms":
                    call = call with { TimeoutMs = fields.Integer() };
                    break;
                case "max_bytes":
                    call = call with { MaxBytes = fields.Integer() };
                    break;
                case "follow_redirects":
                    call = call with { FollowRedirects = fields.Flag() };
                    break;
                case "use_jar":
                    call = call with { UseJar = fields.Flag() };
                    break;
                case "content_type" when takeContentType is not null:
                    takeContentType(fields.Text());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return call;
    }
}
