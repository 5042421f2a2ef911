using System.Diagnostics;
using System.Text.Json;
using Luminarys.Mcp.Tools;

namespace Luminarys.Mcp.Http;

/// <summary>Clients of protocol 2026-07-28, which have no session, hear that the list of tools has changed on a stream that they ask for.</summary>
public sealed class ListenTests
{
    private const string Body = """
        {"jsonrpc":"2.0","id":"l-1","method":"subscriptions/listen","params":{"notifications":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listen_ToTheListOfTools_IsAcknowledgedAndHearsOfChangesTogether()
    {
        await using var edge = await EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping"))]);
        using var response = await edge.Http.SendAsync(Request("""{"toolsListChanged":true,"promptsListChanged":true}"""), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));

        var acknowledged = await NextAsync(stream);
        Assert.Equal("notifications/subscriptions/acknowledged", acknowledged.GetProperty("method").GetString());
        Assert.Equal("""{"toolsListChanged":true}""", acknowledged.GetProperty("params").GetProperty("notifications").GetRawText());
        for (var change = 1UL; change <= 3; change++)
        {
            edge.Registry.TryPublish(TestSkills.Snapshot(change + 1, TestSkills.Skill("echo", TestSkills.Method($"ping{change}"))));
        }

        edge.Time.Advance(TimeSpan.FromMilliseconds(250));
        var changed = await NextAsync(stream);
        edge.Registry.TryPublish(TestSkills.Snapshot(9, TestSkills.Skill("echo", TestSkills.Method("pong"))));
        edge.Time.Advance(TimeSpan.FromMilliseconds(250));
        var again = await NextAsync(stream);

        Assert.All([changed, again], told => Assert.Equal(
            ("notifications/tools/list_changed", "l-1"),
            (told.GetProperty("method").GetString(), told.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetString())));
    }

    [Fact]
    public async Task Listen_ToNothingThatThereIs_IsGrantedNothing()
    {
        await using var edge = await EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping"))]);
        using var response = await edge.Http.SendAsync(Request("""{"promptsListChanged":true}"""), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));

        Assert.Equal("{}", (await NextAsync(stream)).GetProperty("params").GetProperty("notifications").GetRawText());
    }

    [Fact]
    public async Task Listen_WithAsManyStreamsAsAClientMayHave_IsRefusedUntilOneCloses()
    {
        await using var edge = await EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping"))]);
        var streams = new Stack<HttpResponseMessage>();
        try
        {
            for (var i = 0; i < ToolListSignal.MaxStreams; i++)
            {
                streams.Push(await OpenAsync(edge));
                Assert.Equal("notifications/subscriptions/acknowledged", (await FirstAsync(streams.Peek())).GetProperty("method").GetString());
            }

            using (var refused = await OpenAsync(edge))
            {
                var error = (await FirstAsync(refused)).GetProperty("error");
                Assert.Equal(-32600, error.GetProperty("code").GetInt32());
                Assert.Contains("64 streams", error.GetProperty("message").GetString(), StringComparison.Ordinal);
            }

            streams.Pop().Dispose();

            Assert.True(await IsAdmittedAgainAsync(edge));
        }
        finally
        {
            foreach (var stream in streams)
            {
                stream.Dispose();
            }
        }
    }

    [Fact]
    public async Task Discover_TellsVersionsAndWhatThereIs()
    {
        await using var edge = await EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping"))]);
        using var request = RawMcp.Request(HttpMethod.Post, Body.Replace("subscriptions/listen", "server/discover", StringComparison.Ordinal));
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "server/discover");
        using var response = await edge.Http.SendAsync(request, Cancellation);

        var result = (await RawMcp.ReadAsync(response)).GetProperty("result");
        Assert.Contains("2026-07-28", result.GetProperty("supportedVersions").EnumerateArray().Select(version => version.GetString()));
        Assert.True(result.GetProperty("capabilities").GetProperty("tools").GetProperty("listChanged").GetBoolean());
    }

    // The server learns that a stream was closed when the system tells it.
    private static async Task<bool> IsAdmittedAgainAsync(EdgeFixture edge)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_patience; await Task.Delay(20, Cancellation))
        {
            using var response = await OpenAsync(edge);
            if ((await FirstAsync(response)).TryGetProperty("method", out _))
            {
                return true;
            }
        }

        return false;
    }

    private static Task<HttpResponseMessage> OpenAsync(EdgeFixture edge) =>
        edge.Http.SendAsync(Request("""{"toolsListChanged":true}"""), HttpCompletionOption.ResponseHeadersRead, Cancellation);

    private static async Task<JsonElement> FirstAsync(HttpResponseMessage response) =>
        await NextAsync(new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation)));

    private static HttpRequestMessage Request(string notifications)
    {
        var request = RawMcp.Request(HttpMethod.Post, Body.Replace("\"notifications\":{}", $"\"notifications\":{notifications}", StringComparison.Ordinal));
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "subscriptions/listen");
        return request;
    }

    private static async Task<JsonElement> NextAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_patience, Cancellation) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Length > 6)
            {
                return JsonElement.Parse(line[6..]);
            }
        }

        throw new EndOfStreamException();
    }
}
