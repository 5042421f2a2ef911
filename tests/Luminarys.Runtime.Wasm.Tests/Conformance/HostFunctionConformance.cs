using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>
/// Every host function once from a guest, with real files, servers and programs: the request as the guest's library writes it, the answer as it
/// decodes it. A guest that cannot decode an answer panics.
/// </summary>
public abstract class HostFunctionConformance : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("luminarys-guests-").FullName;

    protected abstract string Guest { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Files_FromAGuest_DoTheirWork()
    {
        await using var harness = await StartAsync(permissions => permissions with { Directories = [new(_directory, AccessMode.ReadWrite)] });
        var text = Path.Combine(_directory, "a/x/t.txt");

        await harness.AskJsonAsync("fs_mkdir", ("path", $"{_directory}/a/{{x,y}}"));
        await harness.AskJsonAsync("fs_write", ("path", text), ("content", "one\ntwo TODO ü\nthree\n"u8.ToArray()));
        await harness.AskJsonAsync("fs_create", ("path", $"{_directory}/a/empty"), ("content", Array.Empty<byte>()));
        var again = await harness.InvokeAsync("fs_create", RuntimeHarness.Pack(("path", $"{_directory}/a/empty")));
        await harness.AskJsonAsync("fs_chmod", ("path", text), ("mode", 384), ("recursive", false));
        await harness.AskJsonAsync("fs_copy", ("source", text), ("dest", $"{_directory}/a/y/copy.txt"));
        var read = await harness.AskJsonAsync("fs_read", ("path", text));
        var empty = await harness.AskJsonAsync("fs_read", ("path", $"{_directory}/a/empty"));
        var lines = await harness.AskJsonAsync("fs_read_lines", ("path", text), ("offset", 1), ("limit", 1));
        var listed = (await harness.AskJsonAsync("fs_ls", ("path", $"{_directory}/a/x"), ("long", true))).GetProperty("entries")[0];
        var short_ = (await harness.AskJsonAsync("fs_ls", ("path", $"{_directory}/a"), ("long", false))).GetProperty("entries");
        var found = (await harness.AskJsonAsync("fs_grep", ("pattern", "TO+D"), ("path", _directory), ("with_lines", true))).GetProperty("matches");
        var nothing = (await harness.AskJsonAsync("fs_grep", ("pattern", "nowhere"), ("path", _directory))).GetProperty("matches");
        var globbed = (await harness.AskJsonAsync("fs_glob", ("patterns", new object[] { "**/*.txt" }), ("path", _directory))).GetProperty("matches");
        var allowed = (await harness.AskJsonAsync("fs_allowed_dirs")).GetProperty("dirs");
        var disk = await harness.AskJsonAsync("disk_usage", ("path", _directory));
        await harness.AskJsonAsync("fs_delete", ("path", $"{_directory}/a/y"));

        Assert.Equal(InvocationError.SkillError, again.Error);
        Assert.Equal("one\ntwo TODO ü\nthree\n", read.GetProperty("content").GetString());
        Assert.Equal("", Field(empty, "content", ""));
        Assert.Equal("two TODO ü", lines.GetProperty("lines")[0].GetString());
        Assert.Equal((3, 1, true), (lines.GetProperty("total_lines").GetInt32(), lines.GetProperty("offset").GetInt32(), lines.GetProperty("is_truncated").GetBoolean()));
        Assert.Equal(("t.txt", 384, "-rw-------"), (listed.GetProperty("name").GetString(), listed.GetProperty("mode").GetInt32(), listed.GetProperty("mode_str").GetString()));
        Assert.Equal(["empty", "x", "y"], short_.EnumerateArray().Select(entry => entry.GetProperty("name").GetString()));
        Assert.Equal(2, found.GetArrayLength());
        Assert.Equal("a/x/t.txt", found[0].GetProperty("path").GetString());
        Assert.Equal("two TODO ü", found[0].GetProperty("matches")[0].GetProperty("line").GetString());
        Assert.Equal(4, found[0].GetProperty("matches")[0].GetProperty("ranges")[0].GetProperty("start").GetInt32());
        Assert.Equal(0, nothing.GetArrayLength());
        Assert.Equal(["a/x/t.txt", "a/y/copy.txt"], globbed.EnumerateArray().Select(entry => entry.GetProperty("path").GetString()));
        Assert.Equal((_directory, "rw"), (allowed[0].GetProperty("path").GetString(), allowed[0].GetProperty("mode").GetString()));
        Assert.InRange(disk.GetProperty("used_pct").GetDouble(), 0.001, 100);
        Assert.False(Directory.Exists($"{_directory}/a/y"));
    }

    [Theory]
    [InlineData("tar.gz")]
    [InlineData("zip")]
    public async Task Archives_FromAGuest_ComeBack(string format)
    {
        await using var harness = await StartAsync(permissions => permissions with { Directories = [new(_directory, AccessMode.ReadWrite)] });
        Directory.CreateDirectory($"{_directory}/in/sub");
        await File.WriteAllTextAsync($"{_directory}/in/sub/file", "content", Token);
        await File.WriteAllTextAsync($"{_directory}/in/left.log", "out", Token);
        var archive = $"{_directory}/packed.{format}";

        var packed = await harness.AskJsonAsync(
            "archive_pack", ("source", $"{_directory}/in"), ("output", archive), ("format", format), ("exclude", "*.log"));
        var listed = (await harness.AskJsonAsync("archive_list", ("archive", archive))).GetProperty("entries");
        var unpacked = await harness.AskJsonAsync("archive_unpack", ("archive", archive), ("dest", $"{_directory}/out"), ("strip", 1));

        Assert.Equal((1, format), (packed.GetProperty("files_count").GetInt32(), packed.GetProperty("format").GetString()));
        Assert.Equal(["sub/", "sub/file"], listed.EnumerateArray().Select(entry => entry.GetProperty("name").GetString()));
        Assert.Equal(1, unpacked.GetProperty("files_count").GetInt32());
        Assert.Equal("content", await File.ReadAllTextAsync($"{_directory}/out/file", Token));
    }

    [Fact]
    public async Task Http_FromAGuest_ReachesAServer()
    {
        using var server = new LoopbackServer();
        await using var harness = await StartAsync(permissions => permissions with { Http = new([$"{server.Http}/**"], 1 << 20, false) });

        var got = await harness.AskJsonAsync("http_get", ("url", $"{server.Http}/get"), ("timeout_ms", 0), ("max_bytes", 4));
        var posted = await harness.AskJsonAsync("http_post", ("url", $"{server.Http}/post"), ("body", "ü"u8.ToArray()), ("content_type", "text/plain"));
        var requested = await harness.AskJsonAsync(
            "http_request",
            ("method", "PUT"),
            ("url", $"{server.Http}/put"),
            ("headers", new object[] { Header("X-One", "1"), Header("X-Two", "2") }),
            ("cookies", new object[] { Header("c", "v") }),
            ("body", Array.Empty<byte>()));

        Assert.Equal((200, "GET ", true), (got.GetProperty("status").GetInt32(), got.GetProperty("body").GetString(), got.GetProperty("truncated").GetBoolean()));
        Assert.Equal("POST /post text/plain ü", posted.GetProperty("body").GetString());
        Assert.Equal("PUT /put 1 2 c=v", requested.GetProperty("body").GetString());
        Assert.Contains("X-Answer=yes", requested.GetProperty("headers").EnumerateArray().Select(header => $"{header.GetProperty("name")}={header.GetProperty("value")}"));
        Assert.Equal("s=1", string.Join(';', requested.GetProperty("cookies").EnumerateArray().Select(cookie => $"{cookie.GetProperty("name")}={cookie.GetProperty("value")}")));
    }

    [Fact]
    public async Task Tcp_FromAGuest_SpeaksWithAServer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint.ToString()!;
        await using var harness = await StartAsync(permissions => permissions with { Tcp = new([address], false) });

        var greeting = harness.AskJsonAsync("tcp_request", ("addr", address), ("data", Array.Empty<byte>()), ("timeout_ms", 5000), ("max_bytes", 100));
        using (var first = await listener.AcceptTcpClientAsync(Token))
        {
            await first.GetStream().WriteAsync("INFO hello\r\n"u8.ToArray(), Token);
            Assert.Equal("INFO hello\r\n", (await greeting).GetProperty("data").GetString());
        }

        var connected = await harness.AskJsonAsync("tcp_connect", ("addr", address), ("callback", "on_event"), ("timeout_ms", 5000));
        using var second = await listener.AcceptTcpClientAsync(Token);
        var id = connected.GetProperty("conn_id").GetString()!;
        await harness.AskJsonAsync("tcp_set_callback", ("conn_id", id), ("callback", "on_private"));
        await harness.AskJsonAsync("tcp_write", ("conn_id", id), ("data", "PING"u8.ToArray()));
        var heard = new byte[4];
        await second.GetStream().ReadExactlyAsync(heard, Token);
        await second.GetStream().WriteAsync("PONG"u8.ToArray(), Token);
        var data = (await EventsAsync(harness, 1))[0];
        second.Close();
        var end = (await EventsAsync(harness, 2))[1];
        await harness.AskJsonAsync("tcp_close", ("conn_id", id));

        Assert.Equal("PING"u8.ToArray(), heard);
        Assert.Equal(id, data["conn_id"]);
        Assert.Equal("PONG"u8.ToArray(), data["data"]);
        Assert.Equal("eof", end["error_kind"]);
        Assert.False((await harness.InvokeAsync("tcp_write", RuntimeHarness.Pack(("conn_id", id), ("data", "x"u8.ToArray())))).IsSuccess);
    }

    [Fact]
    public async Task WebSocket_FromAGuest_SpeaksWithAServer()
    {
        using var server = new LoopbackServer();
        await using var harness = await StartAsync(permissions => permissions with { Http = new([$"{server.Http}/**"], 1 << 20, true) });

        var connected = await harness.AskJsonAsync(
            "ws_connect", ("url", $"{server.WebSocket}/ws"), ("headers", new object[] { Header("X-One", "1") }), ("callback", "on_private"));
        var id = connected.GetProperty("conn_id").GetString()!;
        await harness.AskJsonAsync("ws_send", ("conn_id", id), ("data", "hello"u8.ToArray()), ("message_type", "text"));
        var message = (await EventsAsync(harness, 1))[0];
        await harness.AskJsonAsync("ws_close", ("conn_id", id), ("code", 1000), ("reason", "done"));

        Assert.Equal("hello"u8.ToArray(), message["data"]);
        Assert.Equal("text", message["message_type"]);
    }

    private static string Field(JsonElement element, string name, string otherwise) =>
        element.TryGetProperty(name, out var value) ? value.GetString()! : otherwise;

    private static Dictionary<object, object> Header(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static async Task<List<Dictionary<object, object>>> EventsAsync(RuntimeHarness harness, int count)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); ;)
        {
            var events = ((object[])(await harness.AskAsync("events"))!).Cast<Dictionary<object, object>>().ToList();
            if (events.Count >= count)
            {
                return events;
            }

            Assert.True(DateTime.UtcNow < deadline, string.Create(CultureInfo.InvariantCulture, $"{events.Count} of {count} events arrived"));
            await Task.Delay(10, Token);
        }
    }

    private protected Task<RuntimeHarness> StartAsync(Func<PermissionSet, PermissionSet> permissions) =>
        RuntimeHarness.StartAsync(Guest, manifest: named =>
        {
            var granted = GuestConformance.Grant(named);
            return granted with { Permissions = permissions(granted.Permissions) };
        });
}
