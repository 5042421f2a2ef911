using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Mcp.Arguments;
using Luminarys.Mcp.Results;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Files;

/// <summary>Files beside the MCP endpoint: as uploads, as arguments, as results. By themselves: what they allocate is counted over the whole process.</summary>
[CollectionDefinition(nameof(FileTests), DisableParallelization = true)]
[Collection(nameof(FileTests))]
public sealed class FileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("luminarys-test-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Upload_ThenGetAndDelete_GivesTheSameBytesUntilItIsDeleted()
    {
        await using var edge = await StartAsync();
        var bytes = RandomNumberGenerator.GetBytes(300_000);

        var uploaded = await UploadAsync(edge, bytes, "?name=../../r%C3%A9port.csv");
        var handle = uploaded.GetProperty("handle").GetString()!;

        Assert.Equal(32, handle.Length);
        Assert.Equal(bytes.Length, uploaded.GetProperty("size").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), uploaded.GetProperty("sha256").GetString());
        Assert.Equal("r_port.csv", uploaded.GetProperty("name").GetString());
        Assert.Equal(edge.Time.GetUtcNow().AddHours(1), uploaded.GetProperty("expires").GetDateTimeOffset());
        using var got = await edge.Http.GetAsync($"/files/{handle}", Token);
        Assert.Equal(bytes, await got.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("attachment", got.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", got.Headers.GetValues("X-Content-Type-Options").Single());
        using var deleted = await edge.Http.DeleteAsync($"/files/{handle}", Token);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await edge.Http.GetAsync($"/files/{handle}", Token);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Empty(Stored());
    }

    [Fact]
    public async Task Get_WithARange_GivesThatPart()
    {
        await using var edge = await StartAsync();
        var handle = await HandleAsync(edge, "0123456789");

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/files/{handle}");
        request.Headers.Range = new RangeHeaderValue(3, 5);
        using var got = await edge.Http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.PartialContent, got.StatusCode);
        Assert.Equal("345", await got.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Upload_WithTheDigestOfOtherBytes_IsRefusedAndNotKept()
    {
        await using var edge = await StartAsync();

        using var refused = await edge.Http.PostAsync($"/files?sha256={new string('0', 64)}", new StringContent("hello"), Token);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("HASH_MISMATCH", await CodeAsync(refused));
        Assert.Empty(Stored());
        using var right = await edge.Http.PostAsync(
            "/files?sha256=2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824", new StringContent("hello"), Token);
        Assert.Equal(HttpStatusCode.Created, right.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_OverTheLimitOfAFile_IsRefusedAndNotKept(bool isChunked)
    {
        await using var edge = await StartAsync(limits: new() { MaxFile = 100_000 });

        using var request = new HttpRequestMessage(HttpMethod.Post, "/files") { Content = new ByteArrayContent(new byte[100_001]) };
        request.Headers.TransferEncodingChunked = isChunked;
        using var refused = await edge.Http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Equal("PAYLOAD_TOO_LARGE", await CodeAsync(refused));
        Assert.Empty(Stored());
        await UploadAsync(edge, new byte[100_000]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_ThatBreaksOffOrDrips_IsNotKeptAndFreesItsPlace(bool drips)
    {
        await using var edge = await StartAsync(limits: new() { MaxUploadsOfOwner = 1, MinUploadRate = 1 << 20, Grace = TimeSpan.FromSeconds(2) });
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(edge.Http.BaseAddress!.Host, edge.Http.BaseAddress.Port, Token);
            var stream = client.GetStream();
            var head = $"POST /files HTTP/1.1\r\nHost: {edge.Http.BaseAddress.Authority}\r\nContent-Length: 1000000\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "beginning"), Token);
            await UntilAsync(() => Stored().Length == 1);
            Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(edge, HttpMethod.Post, "/files", bytes: [1]));
            if (drips)
            {
                var answer = new byte[12];
                await stream.ReadExactlyAsync(answer, Token);
                Assert.Equal("HTTP/1.1 408", Encoding.ASCII.GetString(answer));
            }
        }

        await UntilAsync(() => Stored().Length == 0);
        await UploadAsync(edge, [1, 2, 3]);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var watch = Stopwatch.StartNew(); !holds(); await Task.Delay(20, Token))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "it did not come to that");
        }
    }

    [Fact]
    public async Task Upload_OverTheLimitsOfAnOwnerAndOfAll_IsRefusedUntilSomethingIsDeleted()
    {
        await using var edge = await StartAsync(["one", "two"], new() { MaxOfOwner = 1000, MaxTotal = 1500, MaxFilesOfOwner = 2 });
        var first = (await UploadAsync(edge, new byte[600], token: "one")).GetProperty("handle").GetString();

        Assert.Equal(HttpStatusCode.InsufficientStorage, await StatusAsync(edge, HttpMethod.Post, "/files", "one", new byte[401]));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(edge, HttpMethod.Post, "/files", "one", new byte[400]));
        Assert.Equal(HttpStatusCode.InsufficientStorage, await StatusAsync(edge, HttpMethod.Post, "/files", "one", []));
        Assert.Equal(HttpStatusCode.InsufficientStorage, await StatusAsync(edge, HttpMethod.Post, "/files", "two", new byte[501]));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(edge, HttpMethod.Delete, $"/files/{first}", "one"));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(edge, HttpMethod.Post, "/files", "two", new byte[501]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handle_OfAnotherPrincipal_IsAnsweredAsAnUnknownOne(bool isGuarded)
    {
        await using var edge = await StartAsync(["one", "two"], defences: new() { Owner = isGuarded });
        var handle = (await UploadAsync(edge, [1, 2, 3], token: "one")).GetProperty("handle").GetString()!;

        var other = await AnswerAsync(edge, HttpMethod.Get, $"/files/{handle}", "two");
        var unknown = await AnswerAsync(edge, HttpMethod.Get, $"/files/{new string('a', 32)}", "two");
        await using var client = await edge.ConnectAsync(token: "two");
        var inCall = await CallAsync(client, handle, "bytes");
        var inUnknownCall = await CallAsync(client, new string('a', 32), "bytes");
        var deleted = await StatusAsync(edge, HttpMethod.Delete, $"/files/{handle}", "two");

        Assert.Equal(isGuarded, other == unknown);
        Assert.Equal(isGuarded, TextOf(inCall) == TextOf(inUnknownCall));
        Assert.Equal(isGuarded ? HttpStatusCode.NotFound : HttpStatusCode.NoContent, deleted);
        Assert.Equal(isGuarded ? HttpStatusCode.OK : HttpStatusCode.NotFound, await StatusAsync(edge, HttpMethod.Get, $"/files/{handle}", "one"));
    }

    [Theory]
    [InlineData("POST", "/files")]
    [InlineData("GET", "/files/x")]
    [InlineData("HEAD", "/files/x")]
    [InlineData("DELETE", "/files/x")]
    public async Task Request_ThatTheGateRefuses_IsAnsweredByTheGate(string method, string path)
    {
        await using var edge = await StartAsync(["one"]);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(edge, new(method), path, "wrong"));
        using var host = new HttpRequestMessage(new(method), path) { Headers = { Host = "evil.example" } };
        using var misdirected = await edge.Http.SendAsync(host, Token);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, misdirected.StatusCode);
        using var origin = new HttpRequestMessage(new(method), path);
        origin.Headers.Add("Origin", "http://evil.example");
        using var forbidden = await edge.Http.SendAsync(origin, Token);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task File_AfterItsHour_IsUnknownAndDeleted()
    {
        await using var edge = await StartAsync();
        var handle = await HandleAsync(edge, "hello");

        edge.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(edge, HttpMethod.Get, $"/files/{handle}"));
        edge.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(edge, HttpMethod.Get, $"/files/{handle}"));
        Assert.Empty(Stored());
    }

    [Fact]
    public async Task Stop_WithStoredFiles_DeletesThem()
    {
        await using (var edge = await StartAsync())
        {
            await HandleAsync(edge, "hello");
            Assert.Single(Stored());
        }

        Assert.Empty(Directory.GetDirectories(_folder));
    }

    [Fact]
    public async Task Start_AfterAProcessThatDidNotStopInOrder_DeletesItsFiles()
    {
        var left = Directory.CreateDirectory(Path.Combine(_folder, "0123")).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "lock"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(left, "file"), "secret", Token);

        await using var edge = await StartAsync();
        await HandleAsync(edge, "hello");

        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task Call_WithAHandle_GivesTheSkillAPathUntilItEnds()
    {
        await using var edge = await StartAsync(inbox: true);
        var handle = (await UploadAsync(edge, Encoding.UTF8.GetBytes("hello"), "?name=a.txt")).GetProperty("handle").GetString()!;
        var (path, content, mode) = ("", "", default(UnixFileMode));
        edge.Invoker.Answer = async (invocation, token) =>
        {
            path = ArgumentOf(invocation);
            content = await File.ReadAllTextAsync(path, token);
            mode = OperatingSystem.IsWindows() ? UnixFileMode.UserRead : File.GetUnixFileMode(path);
            Assert.Equal(TestSkills.NodeId, invocation.Node);
            return InvocationResult.Success(FakeInvoker.Text("done"));
        };
        await using var client = await edge.ConnectAsync();

        var result = await CallAsync(client, handle);

        Assert.Equal("done", TextOf(result));
        Assert.Equal("hello", content);
        Assert.Equal("a.txt", Path.GetFileName(path));
        Assert.Equal(UnixFileMode.UserRead, mode);
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    [Fact]
    public async Task Call_WithAHandleAsBytes_GivesTheSkillTheContent()
    {
        await using var edge = await StartAsync();
        var bytes = RandomNumberGenerator.GetBytes(70_000);
        var handle = (await UploadAsync(edge, bytes)).GetProperty("handle").GetString()!;
        await using var client = await edge.ConnectAsync();

        await CallAsync(client, handle, "bytes");

        var reader = new MessagePack.MessagePackReader(edge.Invoker.Calls.Single().Payload);
        reader.ReadMapHeader();
        reader.ReadString();
        Assert.Equal(bytes, System.Buffers.BuffersExtensions.ToArray(reader.ReadBytes()!.Value));
    }

    [Fact]
    public async Task Call_WithAHandle_ThatCannotBeGiven_SaysWhy()
    {
        await using var edge = await StartAsync();
        var handle = await HandleAsync(edge, "hello");
        var large = (await UploadAsync(edge, new byte[FileFetch.MaxContent + 1])).GetProperty("handle").GetString()!;
        await using var client = await edge.ConnectAsync();

        Assert.Contains("give it with \"as\": \"bytes\"", TextOf(await CallAsync(client, handle)), StringComparison.Ordinal);
        Assert.Contains("have at most", TextOf(await CallAsync(client, large, "bytes")), StringComparison.Ordinal);
        Assert.Contains("no file of yours has this handle", TextOf(await CallAsync(client, new string('a', 32))), StringComparison.Ordinal);
        Assert.Contains("expected {\"$file\"", TextOf(await CallAsync(client, handle, "else")), StringComparison.Ordinal);
        Assert.Empty(edge.Invoker.Calls);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2025-06-18")]
    public async Task Call_WithALargeResult_AnswersALinkThatItsOwnerReads(string? version)
    {
        await using var edge = await StartAsync(["one", "two"], configure: options => options.MaxInlineResultBytes = 2048);
        var text = string.Concat(Enumerable.Range(0, 3000).Select(index => $"{index} ü "));
        edge.Invoker.AnswerText(text, "context");
        await using var client = await edge.ConnectAsync(version, "one");
        await using var other = await edge.ConnectAsync(version, "two");

        var result = await client.CallToolAsync("reader__read", cancellationToken: Token);
        var link = Assert.IsType<ResourceLinkBlock>(result.Content[1]);

        Assert.StartsWith("The result has ", TextOf(result), StringComparison.Ordinal);
        Assert.Contains("0 ü 1 ü 2 ü", TextOf(result), StringComparison.Ordinal);
        Assert.Equal("context", Assert.IsType<TextContentBlock>(result.Content[2]).Text);
        Assert.Equal("reader-read.txt", link.Name);
        Assert.Equal(Encoding.UTF8.GetByteCount(text), link.Size);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), (string?)link.Meta!["luminarys/sha256"]);
        var read = await client.ReadResourceAsync(link.Uri, cancellationToken: Token);
        Assert.Equal(text, Assert.IsType<TextResourceContents>(read.Contents.Single()).Text);
        Assert.Equal(text, await AnswerAsync(edge, HttpMethod.Get, (string)link.Meta["luminarys/path"]!, "one"));
        await Assert.ThrowsAsync<McpProtocolException>(async () => await other.ReadResourceAsync(link.Uri, cancellationToken: Token));
        Assert.Empty(await client.ListResourcesAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Call_WithALargeStructure_StoresItsJson()
    {
        await using var edge = await StartAsync(configure: options => options.MaxInlineResultBytes = 2048);
        var json = $"{{\"values\":[{string.Join(',', Enumerable.Range(0, 50_000))}]}}";
        edge.Invoker.AnswerWith(InvocationResult.Success(FakeInvoker.FromJson(json)));
        await using var client = await edge.ConnectAsync("2025-06-18");

        var link = Assert.IsType<ResourceLinkBlock>((await client.CallToolAsync("reader__read", cancellationToken: Token)).Content[1]);

        Assert.Equal("application/json", link.MimeType);
        Assert.Equal(json, Assert.IsType<TextResourceContents>((await client.ReadResourceAsync(link.Uri, cancellationToken: Token)).Contents.Single()).Text);
    }

    [Fact]
    public async Task Upload_OfManyBytes_TakesConstantMemory()
    {
        const long Size = 256L << 20;
        await using var edge = await StartAsync();
        await HandleAsync(edge, "warm");
        var before = GC.GetTotalAllocatedBytes();

        using var body = new EndlessContent(Size);
        using var answer = await edge.Http.PostAsync("/files", body, Token);
        var stored = await ReadAsync(answer);
        var uploading = GC.GetTotalAllocatedBytes() - before;
        long taken = 0;
        using (var got = await edge.Http.GetAsync($"/files/{stored.GetProperty("handle").GetString()}", HttpCompletionOption.ResponseHeadersRead, Token))
        {
            var stream = await got.Content.ReadAsStreamAsync(Token);
            var buffer = new byte[1 << 20];
            for (int count; (count = await stream.ReadAsync(buffer, Token)) > 0;)
            {
                taken += count;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{uploading >> 10} KiB allocated for the upload, {(GC.GetTotalAllocatedBytes() - before) >> 10} KiB with the download");
        Assert.Equal(Size, stored.GetProperty("size").GetInt64());
        Assert.Equal(Size, taken);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, Size / 2);
    }

    private async Task<EdgeFixture> StartAsync(
        string[]? tokens = null, FileLimits? limits = null, FileDefences? defences = null, bool inbox = false, Action<McpEdgeOptions>? configure = null)
    {
        return await EdgeFixture.StartAsync(
            [TestSkills.Skill("reader", TestSkills.Method("read", TestSkills.Parameter("input")))],
            options =>
            {
                (options.FileDirectory, options.Tokens) = (_folder, tokens ?? []);
                configure?.Invoke(options);
            },
            addServices: services =>
            {
                services.AddSingleton(limits ?? FileLimits.Default);
                services.AddSingleton(defences ?? FileDefences.All);
                if (inbox)
                {
                    services.AddSingleton<ISkillInbox>(new FakeInbox(_folder));
                }
            });
    }

    private string[] Stored() => [.. Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "lock")];

    private static ValueTask<CallToolResult> CallAsync(ModelContextProtocol.Client.McpClient client, string handle, string? form = null)
    {
        var file = new Dictionary<string, object?> { ["$file"] = handle };
        if (form is not null)
        {
            file["as"] = form;
        }

        return client.CallToolAsync("reader__read", new Dictionary<string, object?> { ["input"] = file }, cancellationToken: Token);
    }

    private static string TextOf(CallToolResult result) => Assert.IsType<TextContentBlock>(result.Content[0]).Text;

    private static string ArgumentOf(Invocation invocation)
    {
        var reader = new MessagePack.MessagePackReader(invocation.Payload);
        reader.ReadMapHeader();
        reader.ReadString();
        return reader.ReadString()!;
    }

    private static async Task<string> HandleAsync(EdgeFixture edge, string text) =>
        (await UploadAsync(edge, Encoding.UTF8.GetBytes(text))).GetProperty("handle").GetString()!;

    private static async Task<JsonElement> UploadAsync(EdgeFixture edge, byte[] bytes, string query = "", string? token = null)
    {
        using var request = Request(HttpMethod.Post, "/files" + query, token, bytes);
        using var response = await edge.Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var stored = await ReadAsync(response);
        Assert.Equal($"/files/{stored.GetProperty("handle").GetString()}", response.Headers.Location!.ToString());
        return stored;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? token = null, byte[]? bytes = null) => new(method, path)
    {
        Content = bytes is null ? null : new ByteArrayContent(bytes),
        Headers = { Authorization = token is null ? null : new("Bearer", token) },
    };

    private static async Task<HttpStatusCode> StatusAsync(EdgeFixture edge, HttpMethod method, string path, string? token = null, byte[]? bytes = null)
    {
        using var request = Request(method, path, token, bytes);
        using var response = await edge.Http.SendAsync(request, Token);
        return response.StatusCode;
    }

    private static async Task<string> AnswerAsync(EdgeFixture edge, HttpMethod method, string path, string? token)
    {
        using var request = Request(method, path, token);
        using var response = await edge.Http.SendAsync(request, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) => (await ReadAsync(response)).GetProperty("code").GetString();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) => JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));

    private sealed class FakeInbox(string folder) : ISkillInbox
    {
        public string? Open(SkillId skill) => Directory.CreateDirectory(Path.Combine(folder, "inbox", skill.Value, "1")).FullName;
    }

    private sealed class EndlessContent(long length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = RandomNumberGenerator.GetBytes(1 << 16);
            for (var left = length; left > 0; left -= block.Length)
            {
                await stream.WriteAsync(block, Token);
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
