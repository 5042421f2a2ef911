using System.Text;
using System.Text.Json;

namespace Luminarys.Mcp;

/// <summary>MCP without an SDK: what goes over the wire, written by hand.</summary>
internal static class RawMcp
{
    public static HttpRequestMessage Request(HttpMethod method, string? json, string path = "/mcp")
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return request;
    }

    /// <summary>The JSON-RPC message of an answer, be it plain JSON or the first event of a stream.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var data = body.Split('\n').FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal));
        return JsonElement.Parse(data is null ? body : data["data: ".Length..]);
    }
}
