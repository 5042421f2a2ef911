using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using static Luminarys.Runtime.Wasm.Tests.Conformance.GuestStage;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>
/// What each host function does for a guest, by its name: a call with real parts behind it, and what the guest read from the answer. The request is what
/// the guest's library writes; a guest that cannot read an answer panics.
/// </summary>
internal static class FunctionTable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static IReadOnlyDictionary<string, Func<GuestStage, Task>> All { get; } = new Dictionary<string, Func<GuestStage, Task>>
    {
        ["fs_read"] = async stage =>
        {
            var read = await stage.AskAsync("fs_read", ("path", stage.Write("f", "one\ntwo ü\n")));
            Assert.Equal("one\ntwo ü\n", Text(read, "content"));
        },
        ["fs_write"] = async stage =>
        {
            await stage.AskAsync("fs_write", ("path", stage.PathOf("new/f")), ("content", "ü"u8.ToArray()));
            await stage.AskAsync("fs_write", ("path", stage.Write("old", "old")), ("content", Array.Empty<byte>()));
            Assert.Equal(("ü", ""), (File.ReadAllText(stage.PathOf("new/f")), File.ReadAllText(stage.PathOf("old"))));
        },
        ["fs_create"] = async stage =>
        {
            await stage.AskAsync("fs_create", ("path", stage.PathOf("f")), ("content", "x"u8.ToArray()));
            Assert.Equal("x", File.ReadAllText(stage.PathOf("f")));
            Assert.Equal($"already exists: {stage.PathOf("f")}", await stage.FailAsync("fs_create", ("path", stage.PathOf("f"))));
        },
        ["fs_delete"] = async stage =>
        {
            stage.Write("d/in/f", "");
            await stage.AskAsync("fs_delete", ("path", stage.PathOf("d")));
            Assert.False(Directory.Exists(stage.PathOf("d")));
            Assert.Equal($"not found: {stage.PathOf("d")}", await stage.FailAsync("fs_delete", ("path", stage.PathOf("d"))));
        },
        ["fs_mkdir"] = async stage =>
        {
            await stage.AskAsync("fs_mkdir", ("path", $"{stage.Root}/a/{{x,y}}"));
            Assert.True(Directory.Exists(stage.PathOf("a/x")) && Directory.Exists(stage.PathOf("a/y")));
        },
        ["fs_ls"] = async stage =>
        {
            stage.Write("d/f", "123");
            stage.Write("d/sub/g", "");
            var entries = (await stage.AskAsync("fs_ls", ("path", stage.PathOf("d")), ("long", true))).GetProperty("entries");
            Assert.Equal(("f", 3, false), (Text(entries[0], "name"), Number(entries[0], "size"), entries[0].GetProperty("is_dir").GetBoolean()));
            Assert.InRange(Number(entries[0], "mod_time"), 1_700_000_000, long.MaxValue);
            Assert.Equal(("sub", 'd'), (Text(entries[1], "name"), Text(entries[1], "mode_str")[0]));
        },
        ["fs_chmod"] = async stage =>
        {
            await stage.AskAsync("fs_chmod", ("path", stage.Write("d/f", "")), ("mode", 384), ("recursive", false));
            Assert.Equal(Private, ModeOf(stage.PathOf("d/f")));
        },
        ["fs_copy"] = async stage =>
        {
            await stage.AskAsync("fs_copy", ("source", stage.Write("f", "ü")), ("dest", stage.PathOf("new/g")));
            Assert.Equal("ü", File.ReadAllText(stage.PathOf("new/g")));
        },
        ["fs_read_lines"] = async stage =>
        {
            var lines = await stage.AskAsync("fs_read_lines", ("path", stage.Write("f", "a\nü\nc\n")), ("offset", 1), ("limit", 1));
            Assert.Equal(("ü", 3, 1), (lines.GetProperty("lines")[0].GetString(), Number(lines, "total_lines"), Number(lines, "offset")));
            Assert.True(lines.GetProperty("is_truncated").GetBoolean());
        },
        ["fs_grep"] = async stage =>
        {
            stage.Write("d/f", "x\nTODO\n");
            var found = (await stage.AskAsync("fs_grep", ("pattern", "TO+D"), ("path", stage.Root), ("with_lines", true))).GetProperty("matches")[0];
            var line = found.GetProperty("matches")[0];
            Assert.Equal(("d/f", 2, "TODO"), (Text(found, "path"), Number(line, "line_num"), Text(line, "line")));
            Assert.Equal(3, Number(line.GetProperty("ranges")[0], "end"));
            Assert.Empty((await stage.AskAsync("fs_grep", ("pattern", "nowhere"), ("path", ""))).GetProperty("matches").EnumerateArray());
        },
        ["fs_glob"] = async stage =>
        {
            stage.Write("d/f.txt", "");
            var found = (await stage.AskAsync("fs_glob", ("patterns", new object[] { "**/*.txt" }), ("path", ""))).GetProperty("matches")[0];
            Assert.Equal((stage.PathOf("d/f.txt"), false), (Text(found, "path"), found.GetProperty("is_dir").GetBoolean()));
        },
        ["fs_allowed_dirs"] = async stage =>
        {
            var granted = (await stage.AskAsync("fs_allowed_dirs")).GetProperty("dirs")[0];
            Assert.Equal((stage.Root, "rw"), (Text(granted, "path"), Text(granted, "mode")));
        },
        ["disk_usage"] = async stage =>
        {
            var disk = await stage.AskAsync("disk_usage", ("path", ""));
            Assert.InRange(disk.GetProperty("used_pct").GetDouble(), 0.001, 100);
            Assert.InRange(Number(disk, "used_bytes"), 1, Number(disk, "total_bytes"));
        },
        ["archive_pack"] = async stage =>
        {
            stage.Write("in/f", "content");
            stage.Write("in/left.log", "");
            var packed = await PackAsync(stage, "zip");
            Assert.Equal((1, "zip"), (Number(packed, "files_count"), Text(packed, "format")));
        },
        ["archive_list"] = async stage =>
        {
            stage.Write("in/f", "content");
            await PackAsync(stage, "tar.gz");
            var entry = (await stage.AskAsync("archive_list", ("archive", stage.PathOf("out.tar.gz")))).GetProperty("entries")[0];
            Assert.Equal(("f", 7), (Text(entry, "name"), Number(entry, "size")));
        },
        ["archive_unpack"] = async stage =>
        {
            stage.Write("in/sub/f", "content");
            await PackAsync(stage, "tar.gz");
            var unpacked = await stage.AskAsync("archive_unpack", ("archive", stage.PathOf("out.tar.gz")), ("dest", stage.PathOf("to")), ("strip", 1));
            Assert.Equal((1, "content"), (Number(unpacked, "files_count"), File.ReadAllText(stage.PathOf("to/f"))));
        },
        ["http_get"] = async stage =>
        {
            var got = await stage.AskAsync("http_get", ("url", $"{stage.Server.Http}/get"), ("max_bytes", 4));
            Assert.Equal((200, "GET ", true), (Number(got, "status"), Text(got, "body"), got.GetProperty("truncated").GetBoolean()));
        },
        ["http_post"] = async stage =>
        {
            var posted = await stage.AskAsync(
                "http_post", ("url", $"{stage.Server.Http}/post"), ("body", "ü"u8.ToArray()), ("content_type", "text/plain"));
            Assert.Equal("POST /post text/plain ü", Text(posted, "body"));
        },
        ["http_request"] = async stage =>
        {
            var answer = await stage.AskAsync(
                "http_request",
                ("method", "PUT"),
                ("url", $"{stage.Server.Http}/put"),
                ("headers", new object[] { Header("X-One", "1"), Header("X-Two", "2") }),
                ("cookies", new object[] { Header("c", "v") }),
                ("body", Array.Empty<byte>()));
            Assert.Equal("PUT /put 1 2 c=v", Text(answer, "body"));
            Assert.Contains(answer.GetProperty("headers").EnumerateArray(), header => Text(header, "name") == "X-Answer" && Text(header, "value") == "yes");
            Assert.Equal("s", Text(answer.GetProperty("cookies")[0], "name"));
        },
        ["tcp_request"] = async stage =>
        {
            var asking = stage.AskAsync("tcp_request", ("addr", stage.TcpAddress), ("data", "?"u8.ToArray()), ("timeout_ms", 5000), ("max_bytes", 100));
            await using var peer = await stage.AcceptAsync();
            await ExpectAsync(peer, "?");
            await peer.WriteAsync("INFO\r\n"u8.ToArray(), Token);
            Assert.Equal("INFO\r\n", Text(await asking, "data"));
        },
        ["tcp_connect"] = async stage =>
        {
            var (id, peer) = await stage.ConnectTcpAsync("on_event");
            await using (peer)
            {
                await peer.WriteAsync("PONG"u8.ToArray(), Token);
                var data = (await stage.EventsAsync(1))[0];
                Assert.Equal(id, data["conn_id"]);
                Assert.Equal("PONG"u8.ToArray(), data["data"]);
            }

            Assert.Equal("eof", (await stage.EventsAsync(2))[1]["error_kind"]);
        },
        ["tcp_set_callback"] = async stage =>
        {
            var (id, peer) = await stage.ConnectTcpAsync("");
            await using (peer)
            {
                await stage.AskAsync("tcp_set_callback", ("conn_id", id), ("callback", "on_private"));
                await peer.WriteAsync("x"u8.ToArray(), Token);
                Assert.Equal("x"u8.ToArray(), (await stage.EventsAsync(1))[0]["data"]);
            }
        },
        ["tcp_write"] = async stage =>
        {
            var (id, peer) = await stage.ConnectTcpAsync("on_event");
            await using (peer)
            {
                await stage.AskAsync("tcp_write", ("conn_id", id), ("data", "PING"u8.ToArray()));
                await ExpectAsync(peer, "PING");
            }
        },
        ["tcp_close"] = async stage =>
        {
            var (id, peer) = await stage.ConnectTcpAsync("on_event");
            await using (peer)
            {
                await stage.AskAsync("tcp_close", ("conn_id", id));
                Assert.Equal(0, await peer.ReadAsync(new byte[1], Token));
            }

            Assert.Empty(await stage.EventsAsync(0));
            Assert.Equal("invalid argument: conn_id: no such connection", await stage.FailAsync("tcp_write", ("conn_id", id), ("data", "x"u8.ToArray())));
        },
        ["ws_connect"] = async stage => Assert.StartsWith("w-", await stage.ConnectWebSocketAsync("on_private"), StringComparison.Ordinal),
        ["ws_send"] = async stage =>
        {
            var id = await stage.ConnectWebSocketAsync("on_private");
            await stage.AskAsync("ws_send", ("conn_id", id), ("data", "hello"u8.ToArray()), ("message_type", "text"));
            var message = (await stage.EventsAsync(1))[0];
            Assert.Equal("hello"u8.ToArray(), message["data"]);
            Assert.Equal(("text", id), (message["message_type"], message["conn_id"]));
        },
        ["ws_close"] = async stage =>
        {
            var id = await stage.ConnectWebSocketAsync("on_private");
            await stage.AskAsync("ws_close", ("conn_id", id), ("code", 1000), ("reason", "done"));
            Assert.Equal(
                "invalid argument: conn_id: no such connection", await stage.FailAsync("ws_send", ("conn_id", id), ("data", "x"u8.ToArray()), ("message_type", "text")));
        },
        ["shell_exec"] = async stage =>
        {
            var ran = await stage.AskAsync("shell_exec", ("command", "echo one 'two ü'"), ("workdir", stage.Root), ("timeout_ms", 20_000));
            Assert.Equal(("one two ü\n", 0), (Text(ran, "output"), Number(ran, "exit_code")));
            Assert.Equal("permission denied", await stage.FailAsync("shell_exec", ("command", "cat /etc/passwd"), ("workdir", stage.Root)));
        },
        ["sys_info"] = async stage =>
        {
            var machine = await stage.AskAsync("sys_info");
            Assert.Equal(("linux", Environment.ProcessorCount), (Text(machine, "os"), Number(machine, "num_cpu")));
        },
        ["time_now"] = async stage =>
        {
            var now = await stage.AskAsync("time_now");
            Assert.InRange(Number(now, "unix_nano") / 1_000_000_000, Number(now, "unix"), Number(now, "unix"));
            Assert.NotEmpty(Text(now, "rfc3339"));
        },
        ["env_get"] = async stage =>
        {
            Assert.Equal("v", Text(await stage.AskAsync("env_get", ("key", "K")), "value"));
            Assert.Equal("", Text(await stage.AskAsync("env_get", ("key", "PATH")), "value"));
        },
        ["log_write"] = async stage =>
        {
            await stage.AskAsync("log_write", ("level", "info"), ("message", "from within"), ("fields", new Dictionary<object, object> { ["n"] = "1" }));
            Assert.Contains("from within", Assert.Single(stage.Harness.Log.Of(3010)), StringComparison.Ordinal);
        },
        ["cluster_node_list"] = async stage =>
        {
            var cluster = await stage.AskAsync("cluster_node_list");
            var nodes = cluster.GetProperty("nodes");
            Assert.Equal(("n1", 2), (Text(cluster, "current_node"), nodes.GetArrayLength()));
            Assert.Equal(("n0", "master", 0), (Text(nodes[0], "node_id"), Text(nodes[0], "role"), nodes[0].GetProperty("skills").GetArrayLength()));
            Assert.Equal(("slave", "guest"), (Text(nodes[1], "role"), nodes[1].GetProperty("skills")[0].GetString()));
        },
        ["file_transfer_send"] = async stage =>
        {
            var path = stage.Write("f", "x");
            Assert.StartsWith(
                "no relay", await stage.FailAsync("file_transfer_send", ("target_node", "n2"), ("local_path", path), ("remote_path", "/r")), StringComparison.Ordinal);
            Assert.Equal("permission denied", await stage.FailAsync("file_transfer_send", ("target_node", "n3"), ("local_path", path), ("remote_path", "/r")));
        },
        ["file_transfer_recv"] = async stage =>
        {
            var path = stage.PathOf("f");
            Assert.StartsWith(
                "no relay", await stage.FailAsync("file_transfer_recv", ("source_node", "n2"), ("remote_path", "/r"), ("local_path", path)), StringComparison.Ordinal);
            Assert.Equal("permission denied", await stage.FailAsync("file_transfer_recv", ("source_node", "n2"), ("remote_path", "/r"), ("local_path", "/etc/x")));
        },
        ["history_get"] = async stage =>
        {
            var turns = await stage.AskAsync("history_get", ("filter", "last:2"));
            Assert.Equal(["user:hi ü", "assistant:"], turns.EnumerateArray().Select(turn => $"{Text(turn, "role")}:{Text(turn, "content")}"));
            Assert.Equal((RuntimeHarness.Id, "last:2"), (stage.Model.Asked.Skill, stage.Model.Asked.Text));
            stage.Model.Failure = "quota used up";
            Assert.Equal("quota used up", await stage.FailAsync("history_get", ("filter", "")));
        },
        ["prompt_complete"] = async stage =>
        {
            Assert.Equal("2+2? → 4", Text(await stage.AskAsync("prompt_complete", ("prompt", "2+2?")), "content"));
            Assert.Equal((RuntimeHarness.Id, "2+2?"), (stage.Model.Asked.Skill, stage.Model.Asked.Text));
            stage.Model.Failure = "quota used up";
            Assert.Equal("quota used up", await stage.FailAsync("prompt_complete", ("prompt", "2+2?")));
        },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<JsonElement> PackAsync(GuestStage stage, string format) => stage.AskAsync(
        "archive_pack", ("source", stage.PathOf("in")), ("output", stage.PathOf($"out.{format}")), ("format", format), ("exclude", "*.log"));

    private static async Task ExpectAsync(NetworkStream peer, string text)
    {
        var heard = new byte[Encoding.UTF8.GetByteCount(text)];
        await peer.ReadExactlyAsync(heard, Token);
        Assert.Equal(text, Encoding.UTF8.GetString(heard));
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? Private : File.GetUnixFileMode(path);

    private static string Text(JsonElement from, string name) => from.GetProperty(name).GetString()!;

    private static long Number(JsonElement from, string name) => from.GetProperty(name).GetInt64();
}
