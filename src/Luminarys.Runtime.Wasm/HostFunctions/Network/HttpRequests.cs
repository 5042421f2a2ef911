using System.Collections.Immutable;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Requests of the three HTTP functions. Keys that a guest leaves out, and nil, count as empty.</summary>
internal static class HttpRequests
{
    /// <summary>Headers, and cookies, of one request.</summary>
    public const int MaxHeaders = 1024;

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

    /// <summary>
    /// A list of such maps; null when it has more than <see cref="MaxHeaders"/>, of which a small request could hold millions.
    /// </summary>
    public static ImmutableArray<HttpHeader>? ReadHeaders(FieldReader fields)
    {
        var list = fields.Raw();
        var reader = new MessagePackReader(list);
        if (reader.NextMessagePackType != MessagePackType.Array)
        {
            return [];
        }

        var left = reader.ReadArrayHeader();
        if (left > MaxHeaders)
        {
            return null;
        }

        var headers = ImmutableArray.CreateBuilder<HttpHeader>(left);
        for (; left > 0; left--)
        {
            var start = (int)reader.Consumed;
            reader.Skip();
            headers.Add(ReadHeader(new FieldReader(list[start..(int)reader.Consumed])));
        }

        return headers.DrainToImmutable();
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
                    call = ReadHeaders(fields) is { } headers ? call with { Headers = headers } : call with { HasTooManyHeaders = true };
                    break;
                case "cookies":
                    call = ReadHeaders(fields) is { } cookies ? call with { Cookies = cookies } : call with { HasTooManyHeaders = true };
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
