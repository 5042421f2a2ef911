using ModelContextProtocol.Client;

namespace Luminarys.E2E;

/// <summary>Security level L1 on a real server, with the file that <c>luminarys bus-config</c> makes.</summary>
[Trait("Kind", "Integration")]
public sealed class SecuredBusTests
{
    private const string Id = "0193a5c07f0070008000000000000001";
    private const string P = "lm.v1.prod";

    /// <summary>What nobody may do: who, how, where.</summary>
    private static readonly (string User, string Act, string Subject)[] s_forbidden =
    [
        // A slave listens where it may not.
        ("slave-1", "sub", ">"),
        ("slave-1", "sub", "lm.>"),
        ("slave-1", "sub", $"{P}.>"),
        ("slave-1", "sub", "lm.v1.*.>"),
        ("slave-1", "sub", "*.*.*.*.*.call"),
        ("slave-1", "sub", "lm.v1.other.b.*"),
        ("slave-1", "sub", "_INBOX.>"),
        ("slave-1", "sub", "$SYS.>"),
        ("slave-1", "sub", $"{P}.m.>"),
        ("slave-1", "sub", $"{P}.m.*.hello"),
        ("slave-1", "sub", $"{P}.m.*.r.*"),
        ("slave-1", "sub", $"{P}.m.slave-2.r.*"),
        ("slave-1", "sub", $"{P}.n.>"),
        ("slave-1", "sub", $"{P}.n.*.call"),
        ("slave-1", "sub", $"{P}.n.slave-2.call"),
        ("slave-1", "queue", $"{P}.n.slave-2.call"),
        ("slave-1", "sub", $"{P}.n.slave-2.a.*"),
        ("slave-1", "sub", $"{P}.n.slave-2.r.*"),
        ("slave-1", "sub", $"{P}.n.master.a.*"),
        ("slave-1", "sub", $"{P}.i.slave-2.>"),

        // A slave speaks as another, as the master, or past it.
        ("slave-1", "pub", $"{P}.m.slave-2.hello"),
        ("slave-1", "pub", $"{P}.m.slave-2.hb"),
        ("slave-1", "pub", $"{P}.m.slave-2.reg"),
        ("slave-1", "pub", $"{P}.m.slave-2.dereg"),
        ("slave-1", "pub", $"{P}.m.slave-2.a.{Id}"),
        ("slave-1", "pub", $"{P}.m.slave-2.r.{Id}"),
        ("slave-1", "pub", $"{P}.m.master.hello"),
        ("slave-1", "pub", $"{P}.m.op-cli.call"),
        ("slave-1", "pub", $"{P}.b.master"),
        ("slave-1", "pub", $"{P}.b.reg"),
        ("slave-1", "pub", $"{P}.n.slave-2.call"),
        ("slave-1", "pub", $"{P}.n.slave-2.cancel"),
        ("slave-1", "pub", $"{P}.n.slave-2.a.{Id}"),
        ("slave-1", "pub", $"{P}.i.slave-2.{Id}.ping"),

        // Anybody reads or writes in a tunnel of two others, or as another.
        ("slave-1", "sub", $"{P}.t.>"),
        ("slave-1", "sub", $"{P}.t.*.*.*"),
        ("slave-1", "sub", $"{P}.t.slave-1.slave-2.*"),
        ("slave-1", "sub", $"{P}.t.master.slave-2.{Id}"),
        ("slave-1", "pub", $"{P}.t.slave-2.slave-1.{Id}"),
        ("slave-1", "pub", $"{P}.t.master.slave-2.{Id}"),
        ("master", "pub", $"{P}.t.slave-1.slave-2.{Id}"),
        ("op-cli", "sub", $"{P}.t.>"),
        ("op-cli", "pub", $"{P}.t.op-cli.slave-1.{Id}"),
        ("op-cli", "pub", $"{P}.t.slave-1.slave-2.{Id}"),

        // The master poses as a slave, or watches more than its cluster.
        ("master", "pub", $"{P}.m.slave-1.r.{Id}"),
        ("master", "sub", ">"),

        // An operator reads, offers a skill, calls past the master.
        ("op-cli", "sub", $"{P}.m.>"),
        ("op-cli", "sub", $"{P}.n.>"),
        ("op-cli", "pub", $"{P}.m.op-cli.reg"),
        ("op-cli", "pub", $"{P}.n.slave-1.call"),
    ];

    /// <summary>What the protocol needs: who listens where, and who speaks there.</summary>
    private static readonly (string Listener, string Pattern, string Speaker, string Subject)[] s_allowed =
    [
        ("master", $"{P}.m.*.hello", "slave-1", $"{P}.m.slave-1.hello"),
        ("master", $"{P}.m.*.hb", "slave-2", $"{P}.m.slave-2.hb"),
        ("master", $"{P}.m.*.r.*", "slave-1", $"{P}.m.slave-1.r.{Id}"),
        ("master", $"{P}.m.*.a.*", "slave-1", $"{P}.m.slave-1.a.{Id}"),
        ("master", $"{P}.m.*.event", "slave-1", $"{P}.m.slave-1.event"),
        ("master", $"{P}.m.*.call", "op-cli", $"{P}.m.op-cli.call"),
        ("master", $"{P}.m.*.xfer", "op-cli", $"{P}.m.op-cli.xfer"),
        ("slave-1", $"{P}.n.slave-1.call", "master", $"{P}.n.slave-1.call"),
        ("slave-1", $"{P}.n.slave-1.a.*", "master", $"{P}.n.slave-1.a.{Id}"),
        ("slave-1", $"{P}.i.slave-1.{Id}.ping", "master", $"{P}.i.slave-1.{Id}.ping"),
        ("slave-1", $"{P}.b.*", "master", $"{P}.b.master"),
        ("slave-2", $"{P}.b.*", "master", $"{P}.b.reg"),
        ("op-cli", $"{P}.n.op-cli.r.*", "master", $"{P}.n.op-cli.r.{Id}"),
        ("slave-2", $"{P}.t.slave-1.slave-2.{Id}", "slave-1", $"{P}.t.slave-1.slave-2.{Id}"),
        ("master", $"{P}.t.slave-1.master.{Id}", "slave-1", $"{P}.t.slave-1.master.{Id}"),
        ("slave-1", $"{P}.t.master.slave-1.{Id}", "master", $"{P}.t.master.slave-1.{Id}"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BusConfig_FiftyForbiddenActs_AreAllRefused()
    {
        Assert.Equal(50, s_forbidden.Distinct().Count());
        await using var bus = await SecuredBus.StartAsync();
        foreach (var (user, act, subject) in s_forbidden)
        {
            using var client = await bus.ConnectAsync(user);
            var said = act switch
            {
                "sub" => await client.SubscribeAsync(subject),
                "queue" => await client.SubscribeAsync(subject, "q"),
                _ => await client.PublishAsync(subject),
            };
            Assert.True(said.Any(line => line.StartsWith("-ERR 'Permissions Violation", StringComparison.Ordinal)), $"{user} {act} {subject} was let through");
        }
    }

    [Fact]
    public async Task BusConfig_SixteenAllowedActs_AllArrive()
    {
        Assert.Equal(16, s_allowed.Distinct().Count());
        await using var bus = await SecuredBus.StartAsync();
        foreach (var (listener, pattern, speaker, subject) in s_allowed)
        {
            using var hears = await bus.ConnectAsync(listener);
            using var says = await bus.ConnectAsync(speaker);
            Assert.Empty(await hears.SubscribeAsync(pattern));
            Assert.Empty(await says.PublishAsync(subject, $"{P}.m.{speaker}.r.{Id}"));
            Assert.Contains(await hears.ReadAsync(), line => line.StartsWith($"MSG {subject} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task BusConfig_WrongOrForeignPassword_IsRefused()
    {
        await using var bus = await SecuredBus.StartAsync();
        foreach (var (user, password) in new[] { ("slave-1", "guess"), ("slave-1", ""), ("nobody", "guess") })
        {
            await Assert.ThrowsAnyAsync<Exception>(() => RawNats.ConnectAsync(bus.Port, user, password));
        }
    }

    [Fact]
    public async Task Server_BcryptHashInPlaceOfThePassword_IsTaken()
    {
        await using var bus = await SecuredBus.StartAsync();
        var port = TestCluster.FreePort();
        var file = Path.Combine(bus.Folder, "hashed.conf");

        // The hash of the password U*U in bcrypt's own test vectors.
        await File.WriteAllTextAsync(file, $$"""
            listen: "127.0.0.1:{{port}}"
            authorization { users: [ { user: "slave-1", password: "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW" } ] }
            """, Cancellation);
        await using var server = ChildProcess.Start(ChildProcess.Find("nats-server")!, ["-c", file], bus.Folder);
        await Eventually.HoldsAsync("the server listens", TimeSpan.FromSeconds(20), () => Task.FromResult(server.Output.Contains("Server is ready", StringComparison.Ordinal)), () => server.Output);

        (await RawNats.ConnectAsync(port, "slave-1", "U*U")).Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => RawNats.ConnectAsync(port, "slave-1", "U*V"));
    }

    [Fact]
    public async Task BusConfig_MadeAgainWithANodeMore_KeepsThePasswordsAndTheFilesPrivate()
    {
        await using var bus = await SecuredBus.StartAsync();
        var folder = Path.Combine(bus.Folder, "bus");
        var before = await File.ReadAllTextAsync(Path.Combine(folder, "slave-1.env"), Cancellation);

        await using var again = ChildProcess.StartLuminarys(bus.Folder, "bus-config", "prod", "master", "slave-1", "slave-9", "-out", "bus");

        Assert.Equal(0, await again.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        var configuration = await File.ReadAllTextAsync(Path.Combine(folder, "nats-server.conf"), Cancellation);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(folder, "slave-1.env"), Cancellation));
        Assert.Contains(before.Trim().Split('=', 3)[2], configuration, StringComparison.Ordinal);
        Assert.Contains("lm.v1.prod.m.slave-9.>", configuration, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(folder))
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
        }
    }

    [Fact]
    public async Task Cluster_OnThatBus_CallsAndDrainsWithoutAViolation()
    {
        await using var bus = await SecuredBus.StartAsync();
        var port = TestCluster.FreePort();
        var master = bus.StartNode("master", $"http: {{ addr: \"127.0.0.1:{port}\" }}\n{Skill(bus, "here")}");
        var slave = bus.StartNode("slave-1", Skill(bus, "one"));
        var other = bus.StartNode("slave-2", Skill(bus, "two"));
        McpClient? client = null;
        await Eventually.HoldsAsync("the master answers", TestCluster.Patience, async () =>
        {
            client = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new($"http://127.0.0.1:{port}/mcp") }));
            return true;
        }, () => bus.Logs);
        await using var _ = client;
        await ExpectAsync(client!, bus, "here", "one", "two");

        foreach (var skill in new[] { "here", "one", "two" })
        {
            Assert.Equal("hello", await TestCluster.CallAsync(client!, $"{skill}__echo", new() { ["message"] = "hello" }));
        }

        Assert.Equal("hello", await TestCluster.CallAsync(client!, "slave-2__two__echo", new() { ["message"] = "hello" }));
        Assert.Equal(0, await slave.TerminateAsync(TestCluster.Patience));
        await ExpectAsync(client!, bus, "here", "two");
        Assert.Equal(0, await master.TerminateAsync(TestCluster.Patience));
        Assert.Equal(0, await other.TerminateAsync(TestCluster.Patience));
        Assert.All([master, slave, other], node => Assert.Contains("Bus security level L1", node.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("Violation", bus.ServerLog, StringComparison.Ordinal);
        Assert.DoesNotContain("denied a permission", bus.Logs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cp_OnThatBus_IsTheOperatorsAndNobodyElses(bool hasRelay)
    {
        await using var bus = await SecuredBus.StartAsync();
        var port = TestCluster.FreePort();
        var relay = hasRelay ? $"relay_port: {TestCluster.FreePort()}" : "relay_url: 127.0.0.1:1\n  relay: { secret: nobody has it }";
        bus.StartNode("master", $"  {relay}\n{Share(bus, "master")}http: {{ addr: \"127.0.0.1:{port}\" }}\n{Skill(bus, "here")}");
        bus.StartNode("slave-1", $"{Share(bus, "slave-1")}{Skill(bus, "one")}");
        McpClient? client = null;
        await Eventually.HoldsAsync("the master answers", TestCluster.Patience, async () =>
        {
            client = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new($"http://127.0.0.1:{port}/mcp") }));
            return true;
        }, () => bus.Logs);
        await using var _ = client;
        await ExpectAsync(client!, bus, "here", "one");
        await File.WriteAllTextAsync(Path.Combine(bus.Folder, "data-slave-1", "a.txt"), "content", Cancellation);

        // A folder with the operator's credentials, and with a slave's.
        Directory.CreateDirectory(Path.Combine(bus.Folder, "nodes", "op-cli"));
        File.Copy(Path.Combine(bus.Folder, "bus", "op-cli.env"), Path.Combine(bus.Folder, "nodes", "op-cli", ".env"));
        var (code, output) = await CopyAsync(bus, "op-cli");
        Assert.True(code == 0, output + bus.Logs);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(bus.Folder, "data-master", "a.txt"), Cancellation));
        Assert.DoesNotContain("Violation", bus.ServerLog, StringComparison.Ordinal);
        Assert.Equal(hasRelay, !bus.Logs.Contains("takes the bus", StringComparison.Ordinal));

        (code, output) = await CopyAsync(bus, "slave-1");
        Assert.Equal(1, code);
        Assert.Contains("'slave-1' is the user of a node", output, StringComparison.Ordinal);
    }

    private static string Share(SecuredBus bus, string node)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bus.Folder, $"data-{node}")).FullName;
        return $"  file_transfer: {{ allowed_nodes: [\"*\"], local_dirs: [\"{folder}:rw\"] }}\n";
    }

    private static async Task<(int Code, string Output)> CopyAsync(SecuredBus bus, string user)
    {
        var file = bus.WriteConfiguration(user, "");
        await using var copy = ChildProcess.StartLuminarys(
            Path.GetDirectoryName(file)!,
            "cp",
            $"slave-1://{Path.Combine(bus.Folder, "data-slave-1", "a.txt")}",
            $"master://{Path.Combine(bus.Folder, "data-master", "a.txt")}",
            "-config",
            "host.yaml");
        return (await copy.WaitForExitAsync(TestCluster.Patience), copy.Output);
    }

    private static Task<TimeSpan> ExpectAsync(McpClient client, SecuredBus bus, params string[] skills) =>
        Eventually.HoldsAsync($"the list holds {string.Join(", ", skills)}", TestCluster.Patience, async () =>
        {
            var tools = await client.ListToolsAsync();
            return skills.SequenceEqual(
                tools.Where(tool => !tool.Name.StartsWith("slave-", StringComparison.Ordinal) && !tool.Name.StartsWith("master", StringComparison.Ordinal))
                    .Select(tool => tool.Name.Split("__")[0]).Distinct().Order(StringComparer.Ordinal));
        }, () => bus.Logs);

    private static string Skill(SecuredBus bus, string id)
    {
        var file = Path.Combine(bus.Folder, $"{id}.skill.yaml");
        File.WriteAllText(file, $"id: {id}\npath: {TestCluster.EchoModule}\npermissions: {{}}\n");
        return $"skills: [\"{file}\"]";
    }
}
