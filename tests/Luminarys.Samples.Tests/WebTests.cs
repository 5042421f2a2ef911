namespace Luminarys.Samples;

public sealed class WebTests
{
    [Fact]
    public async Task Get_OfAPage_FollowsRedirectsAndAnswersItsBody()
    {
        await using var server = new LocalServer(path => path == "/old"
            ? LocalServer.Response("", "302 Found", "Location: /new\r\n")
            : LocalServer.Response("héllo from " + path));
        await using var host = await StartAsync();

        Assert.Equal("héllo from /new", await host.ResultAsync("get", new { url = server.Url + "/old" }));
        Assert.Equal("héllo from /new", await host.ResultAsync("request", new { method = "get", url = server.Url + "/old" }));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("get_json")]
    [InlineData("post")]
    [InlineData("request")]
    public async Task Methods_WithAStatusOf400OrMore_Fail(string method)
    {
        await using var server = new LocalServer(_ => LocalServer.Response("no such page\n", "404 Not Found"));
        await using var host = await StartAsync();
        var arguments = new Dictionary<string, object?> { ["url"] = server.Url };
        if (method == "post")
        {
            arguments["body"] = "x";
        }
        else if (method == "request")
        {
            arguments["method"] = "DELETE";
        }

        Assert.Equal("HTTP 404: no such page", await host.ErrorAsync(method, arguments));
        Assert.Equal("HTTP 404", await host.ErrorAsync("head", new { url = server.Url }));
    }

    [Fact]
    public async Task Head_OfARedirect_AnswersTheRedirectItself()
    {
        await using var server = new LocalServer(_ => LocalServer.Response("", "301 Moved Permanently", "Location: /new\r\nX-B: 1\r\nX-B: 2\r\n"));
        await using var host = await StartAsync();

        var answer = await host.ResultAsync("head", new { url = server.Url });

        Assert.StartsWith("HTTP 301\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\nLocation: /new\nX-B: 1\nX-B: 2", answer, StringComparison.Ordinal);
        Assert.StartsWith("HEAD / HTTP/1.1", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithHeaders_SendsThemInTheirOrder()
    {
        await using var server = new LocalServer(_ => LocalServer.Response("done"));
        await using var host = await StartAsync();
        var headers = """{"X-Zebra": "1", "Accept": "text/plain", "X-Apple": "\"2\"", "x-middle": "3", "X-Zebra2": 4}""";

        Assert.Equal("done", await host.ResultAsync("request", new { method = "PUT", url = server.Url + "/items/1?a=b", body = "bödy", headers }));

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("PUT /items/1?a=b HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("X-Zebra: 1\r\nAccept: text/plain\r\nX-Apple: \"2\"\r\nx-middle: 3\r\nX-Zebra2: 4\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nbödy", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-A: 1")]
    [InlineData("""{"X-A": }""")]
    [InlineData("""["X-A"]""")]
    public async Task Request_WithHeadersThatAreNoObject_FailsBeforeItSends(string headers)
    {
        await using var server = new LocalServer(_ => LocalServer.Response("done"));
        await using var host = await StartAsync();

        var error = await host.ErrorAsync("request", new { method = "GET", url = server.Url, headers });

        Assert.StartsWith("headers is not a JSON object: ", error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Post_OfABody_NamesItsType()
    {
        await using var server = new LocalServer(_ => LocalServer.Response("done", "201 Created"));
        await using var host = await StartAsync();
        const string Plain = "text/plain; charset=utf-8";
        (string Body, string Type)[] cases = [(" {\"a\": 1}", "application/json"), ("[1]", "application/json"), ("plain", Plain), ("", Plain)];

        foreach (var (body, _) in cases)
        {
            Assert.Equal("done", await host.ResultAsync("post", new { url = server.Url, body }));
        }

        Assert.All(
            server.Requests.Zip(cases),
            pair =>
            {
                Assert.Contains($"\r\nContent-Type: {pair.Second.Type}\r\n", pair.First, StringComparison.Ordinal);
                Assert.EndsWith("\r\n\r\n" + pair.Second.Body, pair.First, StringComparison.Ordinal);
            });
        Assert.Equal(cases.Length, server.Requests.Count);
    }

    [Fact]
    public async Task GetJson_OfDocuments_AnswersJsonOnly()
    {
        string[] json = ["""{"a": [1, -2.5e+3, "x\"y", null, true, false, {}, []]}""", " \"text\"\n", "0", "\"\""];
        string[] others = ["<html>", "", "{\"a\": 1,}", "[1 2]", "{\"a\": \"", "{\"a\" 1}", "{1: 2}", "1.", "-", "1e", "true false", "\"a\nb\"", "[1}"];
        var body = "";
        await using var server = new LocalServer(_ => LocalServer.Response(body));
        await using var host = await StartAsync();

        foreach (var document in json)
        {
            body = document;
            Assert.Equal(document, await host.ResultAsync("get_json", new { url = server.Url }));
        }

        foreach (var text in others)
        {
            body = text;
            Assert.StartsWith("the answer is not JSON: ", await host.ErrorAsync("get_json", new { url = server.Url }), StringComparison.Ordinal);
        }

        Assert.All(server.Requests, request => Assert.Contains("\r\nAccept: application/json\r\n", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetJson_OfADeepDocument_FailsAndTheSkillGoesOn()
    {
        await using var server = new LocalServer(_ => LocalServer.Response(new string('[', 100_000)));
        await using var host = await StartAsync();

        Assert.StartsWith("the answer is not JSON: [[[", await host.ErrorAsync("get_json", new { url = server.Url }), StringComparison.Ordinal);
        Assert.StartsWith("[[[", await host.ResultAsync("get", new { url = server.Url }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OfALongBody_CutsItAndSaysSo()
    {
        await using var server = new LocalServer(_ => LocalServer.Response(new string('x', 5000)));
        await using var host = await StartAsync("max_response_bytes: 1000");

        Assert.Equal(new string('x', 1000) + "\n[truncated after 1000 bytes]", await host.ResultAsync("get", new { url = server.Url }));
        Assert.Equal("the JSON document is longer than what the manifest allows", await host.ErrorAsync("get_json", new { url = server.Url }));
    }

    [Fact]
    public async Task Get_OfABodyThatEndsEarly_Fails()
    {
        await using var server = new LocalServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
        await using var host = await StartAsync();

        Assert.Contains("http_get", await host.ErrorAsync("get", new { url = server.Url }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    public async Task Get_OfWhatNoManifestGrants_IsRefused(string url)
    {
        await using var host = await StartAsync();

        Assert.StartsWith("abi error: http_get: ", await host.ErrorAsync("get", new { url }), StringComparison.Ordinal);
    }

    private static Task<SampleHost> StartAsync(string limit = "max_response_bytes: 1048576") =>
        SampleHost.StartAsync("web", CommittedManifest.Of("web", text => text.Replace("max_response_bytes: 1048576", limit, StringComparison.Ordinal)));
}
