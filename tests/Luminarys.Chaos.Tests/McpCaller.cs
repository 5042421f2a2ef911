using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Luminarys.Chaos;

/// <summary>
/// A client of the front door that keeps no session and counts answers: one POST for each request. Every way in which a call may end is a
/// <see cref="CallOutcome"/>; nothing is repeated.
/// </summary>
internal sealed class McpCaller(int port) : IDisposable
{
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"chaos","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    // A connection for each request: on one that was used before, the client library might send a request again by itself.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        BaseAddress = new($"http://127.0.0.1:{port}/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Calls a tool. Cancelling the token ends the HTTP request: the client is gone.</summary>
    public async Task<CallAnswer> CallAsync(string tool, object arguments, CancellationToken cancellationToken)
    {
        try
        {
            var parameters = $$"""{"name":"{{tool}}","arguments":{{JsonSerializer.Serialize(arguments)}},{{Meta}}}""";
            var answers = await SendAsync("tools/call", tool, parameters, cancellationToken);
            return answers.Count == 0
                ? new(CallOutcome.Broken, "", "the connection ended without an answer", 0)
                : Read(answers[0]) with { Count = answers.Count };
        }
        catch (OperationCanceledException)
        {
            return default;
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError || exception.StatusCode is not null)
        {
            return new(CallOutcome.NotTaken, "", exception.Message, 0);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new(CallOutcome.Broken, "", exception.Message, 0);
        }
    }

    /// <summary>Names of all tools; null when the front door does not answer.</summary>
    public async Task<IReadOnlyList<string>?> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var names = new List<string>();
            string? cursor = null;
            do
            {
                var from = cursor is null ? "" : $"\"cursor\":{JsonSerializer.Serialize(cursor)},";
                var answers = await SendAsync("tools/list", null, $$"""{{{from}}{{Meta}}}""", cancellationToken);
                if (answers.Count == 0 || !answers[0].TryGetProperty("result", out var page))
                {
                    return null;
                }

                names.AddRange(page.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!));
                cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
            }
            while (cursor is not null);
            return names;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private static CallAnswer Read(JsonElement answer)
    {
        if (answer.TryGetProperty("error", out var error))
        {
            // A tool that is not in the list: the call was not made.
            var message = error.GetProperty("message").GetString() ?? "";
            var isUnknown = message.StartsWith("Unknown tool", StringComparison.Ordinal);
            return new(isUnknown ? CallOutcome.Error : CallOutcome.Untyped, isUnknown ? FinalCodes.UnknownTool : "", message, 1);
        }

        var result = answer.GetProperty("result");
        var text = string.Concat(result.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("text").GetString()));
        if (!(result.TryGetProperty("isError", out var isError) && isError.GetBoolean()))
        {
            return new(CallOutcome.Result, "", text, 1);
        }

        var code = result.TryGetProperty("_meta", out var meta) && meta.TryGetProperty("luminarys/code", out var value) ? value.GetString() : null;
        return new(code is null ? CallOutcome.Untyped : CallOutcome.Error, code ?? "", text, 1);
    }

    private async Task<List<JsonElement>> SendAsync(string method, string? name, string parameters, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "mcp")
        {
            Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if (name is not null)
        {
            request.Headers.Add("Mcp-Name", name);
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var answers = Answers(body, response.Content.Headers.ContentType?.MediaType).ToList();

        // Protocol errors have a status of their own; without a body, the front door refused.
        if (answers.Count == 0)
        {
            response.EnsureSuccessStatusCode();
        }

        return answers;
    }

    private static IEnumerable<JsonElement> Answers(string body, string? mediaType)
    {
        var messages = mediaType switch
        {
            "application/json" => [body],
            "text/event-stream" => body.Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line[5..]),
            _ => [],
        };
        return messages.Where(message => !string.IsNullOrWhiteSpace(message)).Select(message => JsonElement.Parse(message))
            .Where(message => message.TryGetProperty("result", out _) || message.TryGetProperty("error", out _));
    }
}
