namespace Luminarys.Samples;

public sealed class WebSearchTests
{
    private const string Page = """
        <html><body><a class="header" href="/">Home of result__a</a>
        <div class="result result--ad"><a rel="nofollow" class="result__a" href="https://duckduckgo.com/l/?uddg=https%3A%2F%2Fduckduckgo.com%2Fy.js%3Fad_domain%3Dx">Buy</a></div>
        <h2 class="result__title"><a rel="nofollow" class="result__a" href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.com%2Fa%3Fx%3D1%26y%3D%C3%BC&amp;rut=abc">First
          <b>result</b> &amp; &quot;more&quot; &#39;&#x2026;</a></h2>
        <a class="result__snippet" href="//duckduckgo.com/l/?uddg=x">A &lt;b&gt; snippet,
          <b>bold</b>.</a>
        <h2><a href='http://example.org/b' class='big result__a'>Second</a></h2>
        <h2><a class="result__a" href="javascript:alert(1)">Script</a></h2>
        <h2><a class="result__a" href="https://example.net/c">Third > "x"</a></h2>
        <div class="result__snippet">Last &unknown; 100%</div>
        </body></html>
        """;

    [Fact]
    public async Task Search_OfAPage_AnswersTitlesAddressesAndSnippets()
    {
        await using var server = new LocalServer(_ => LocalServer.Response(Page));
        await using var host = await StartAsync(server);

        var answer = await host.ResultAsync("search", new { query = " wasm & ü+1 " });

        Assert.Equal(
            """
            1. First result & "more" '…
               https://example.com/a?x=1&y=ü
               A <b> snippet, bold.

            2. Second
               http://example.org/b

            3. Third > "x"
               https://example.net/c
               Last &unknown; 100%
            """,
            answer);
        Assert.StartsWith("GET /html/?q=wasm%20%26%20%C3%BC%2B1 HTTP/1.1\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_OfManyResults_AnswersTen()
    {
        var page = string.Concat(Enumerable.Range(1, 30).Select(i => $"<a class=\"result__a\" href=\"https://example.com/{i}\">Result {i}</a>\n"));
        await using var server = new LocalServer(_ => LocalServer.Response(page));
        await using var host = await StartAsync(server);

        var answer = await host.ResultAsync("search", new { query = "x" });

        Assert.EndsWith("\n\n10. Result 10\n   https://example.com/10", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<p>nothing</p>")]
    [InlineData("<a class=\"result__a\"")]
    [InlineData("<a class=\"result__a\" href=\"https://example.com\">no end")]
    [InlineData("result__a")]
    public async Task Search_OfAPageWithoutResults_SaysSo(string page)
    {
        await using var server = new LocalServer(_ => LocalServer.Response(page));
        await using var host = await StartAsync(server);

        Assert.Equal("No results for: x y", await host.ResultAsync("search", new { query = "x y" }));
    }

    [Fact]
    public async Task Search_ThatThePageRefuses_Fails()
    {
        await using var server = new LocalServer(_ => LocalServer.Response("slow down", "429 Too Many Requests"));
        await using var host = await StartAsync(server);

        Assert.Equal("the search page answered with HTTP 429", await host.ErrorAsync("search", new { query = "x" }));
        Assert.Equal("query is empty", await host.ErrorAsync("search", new { query = " " }));
    }

    private static Task<SampleHost> StartAsync(LocalServer server) =>
        SampleHost.StartAsync(
            "web-search",
            CommittedManifest.Of("web-search", text => text.Replace("env: {}", $"env: {{ SEARCH_URL: '{server.Url}/html/?q=' }}", StringComparison.Ordinal)));
}
