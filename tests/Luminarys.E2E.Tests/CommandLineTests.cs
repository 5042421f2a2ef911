namespace Luminarys.E2E;

[Trait("Kind", "Integration")]
public sealed class CommandLineTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("luminarys-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("-version")]
    [InlineData("--version")]
    public async Task Version_Asked_PrintsItAndExitsZero(string option)
    {
        var (code, output) = await RunAsync(option);

        Assert.Equal(0, code);
        Assert.Matches(@"^\d+\.\d+\.\d+", output);
    }

    [Theory]
    [InlineData("-help")]
    [InlineData("--help")]
    public async Task Help_Asked_NamesEveryOption(string option)
    {
        var (code, output) = await RunAsync(option);

        Assert.Equal(0, code);
        Assert.All(["-config", "-check", "-stdio", "-version", "-help"], name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Config_MissingFile_SaysWhichAndExitsOne()
    {
        var (code, output) = await RunAsync("-config", "nowhere.yaml");

        Assert.Equal(1, code);
        Assert.Contains("nowhere.yaml", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runtime: { memory_limit_mb: many }", "runtime.memory_limit_mb")]
    [InlineData("cluster: { enabled: true, cluster_id: a, node_id: 'a b', role: slave, nats_url: 'nats://127.0.0.1' }", "cluster.node_id")]
    [InlineData("cluster: { enabled: true, cluster_id: a, node_id: n, role: boss, nats_url: 'nats://127.0.0.1' }", "cluster.role")]
    [InlineData("http: { addr: 'ip6-localhost:8099' }", "http.addr")]
    [InlineData("http: [", "host.yaml")]
    public async Task Config_BadValue_NamesFileLineAndKeyAndExitsOne(string yaml, string expected)
    {
        Write("host.yaml", "# a comment line\n" + yaml + "\n");

        var (code, output) = await RunAsync("--config", "host.yaml");

        Assert.Equal(1, code);
        Assert.Contains("host.yaml:2", output, StringComparison.Ordinal);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogFile_ThatCannotBeWritten_IsNamedAndExitsOne()
    {
        Write("host.yaml", "log: { file: no/such/folder/host.log }\n");

        var (code, output) = await RunAsync("-config", "host.yaml");

        Assert.Equal(1, code);
        Assert.Contains("error: log.file: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_UnknownKey_IsAnErrorWithItsLine()
    {
        Write("host.yaml", "http: { addr: '127.0.0.1:0' }\nskils: []\n");

        var (code, output) = await RunAsync("-check", "-config", "host.yaml");

        Assert.Equal(1, code);
        Assert.Contains("host.yaml:2", output, StringComparison.Ordinal);
        Assert.Contains("skils", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_GoodFiles_ExitsZero()
    {
        Write("echo.yaml", $"id: echo-skill\npath: {TestCluster.EchoModule}\npermissions: {{}}\n");
        Write("host.yaml", "http: { addr: '127.0.0.1:0' }\nskills: [echo.yaml]\n");

        var (code, output) = await RunAsync("-check", "-config", "host.yaml");

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Check_ManifestsWithOneId_NamesBothFiles()
    {
        Write("one.yaml", $"id: twin\npath: {TestCluster.EchoModule}\npermissions: {{}}\n");
        Write("two.yaml", $"id: twin\npath: {TestCluster.EchoModule}\npermissions: {{}}\n");
        Write("host.yaml", "skills: [one.yaml, two.yaml]\n");

        var (code, output) = await RunAsync("-check", "-config", "host.yaml");

        Assert.Equal(1, code);
        Assert.Contains("one.yaml", output, StringComparison.Ordinal);
        Assert.Contains("two.yaml", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fs", "/data/a.txt", 0, "rule:  permissions.fs.dirs: /data:ro")]
    [InlineData("fs", "/data/a.txt:rw", 1, "allow: permissions.fs.dirs: /data/a.txt:rw")]
    [InlineData("http", "https://api.example.com/v1", 0, "no name is resolved here")]
    [InlineData("http", "http://2852039166/", 1, "no manifest can allow it")]
    [InlineData("ws", "wss://api.example.com/v1", 1, "allow: permissions.http.allow_websocket: true")]
    [InlineData("tcp", "127.0.0.1:6379", 0, "internal addresses")]
    [InlineData("shell", "git push origin", 0, "rule:  permissions.shell.allowlist: git **")]
    [InlineData("shell", "git push; rm x", 1, "no manifest can allow it")]
    [InlineData("file_transfer", "node-2:/data/a.txt", 1, "allow: permissions.file_transfer")]
    [InlineData("env", "API_KEY", 0, "rule:  env: API_KEY")]
    [InlineData("invoke", "other", 1, "allow: invoke_policy.can_invoke: [\"other\"]")]
    [InlineData("gpu", "any", 2, "is no capability")]
    [InlineData("file_transfer", "somewhere", 2, "node:path")]
    public async Task Explain_Question_SaysVerdictRuleAndLine(string capability, string resource, int expected, string words)
    {
        Write("skill.yaml", """
            id: a-skill
            path: a.wasm
            permissions:
              fs: { enabled: true, dirs: ["/data:ro"] }
              http: { enabled: true, allowlist: ["https://api.example.com/**"] }
              tcp: { enabled: true }
              shell: { enabled: true, allowlist: ["git **"] }
            env: { API_KEY: a-value-of-the-manifest }
            """);

        var (code, output) = await RunAsync("explain", "skill.yaml", capability, resource);

        Assert.True(code == expected, output);
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.DoesNotContain("a-value-of-the-manifest", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_UnusableQuestion_ExitsTwo()
    {
        Write("bad.yaml", "id: 'a b'\npath: a.wasm\npermissions: {}\n");

        Assert.Equal(2, (await RunAsync("explain", "bad.yaml", "fs", "/data")).Code);
        Assert.Equal(2, (await RunAsync("explain", "missing.yaml", "fs", "/data")).Code);
        Assert.Equal(2, (await RunAsync("explain", "bad.yaml")).Code);
    }

    [Fact]
    public async Task Explain_HostThatDeniesInternalAddresses_JudgesByIt()
    {
        Write("skill.yaml", "id: a-skill\npath: a.wasm\npermissions: { tcp: { enabled: true } }\n");
        Write("hard.yaml", "network: { internal: deny }\n");

        Assert.Equal(0, (await RunAsync("explain", "skill.yaml", "tcp", "127.0.0.1:6379")).Code);
        Assert.Equal(1, (await RunAsync("explain", "-config", "hard.yaml", "skill.yaml", "tcp", "127.0.0.1:6379")).Code);
    }

    [Fact]
    public async Task Serve_BadModule_IsOneLineAndTheOtherSkillsServe()
    {
        await using var cluster = TestCluster.Start();
        cluster.Write("bad.wasm", "this is not a module");
        cluster.WriteManifest("broken", Path.Combine(cluster.Folder, "bad.wasm"));
        var configuration = cluster.WriteConfiguration("master", ["echo-here"]);
        File.WriteAllText(configuration, File.ReadAllText(configuration).Replace("skills: [", "skills: [broken.skill.yaml, ", StringComparison.Ordinal));
        await using var master = ChildProcess.StartLuminarys(cluster.Folder, "-config", configuration);
        await using var client = await cluster.ConnectAsync();

        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, "echo-here");

        Assert.Single(master.Output.Split('\n'), line =>
            line.Contains("bad.wasm", StringComparison.Ordinal) && !line.Contains("Luminarys.Audit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_WrongToken_SaysWhatToCheckAndExitsTwoWithoutTheToken()
    {
        await using var cluster = TestCluster.Start();
        await using var slave = ChildProcess.StartLuminarys(
            cluster.Folder, "-config", cluster.WriteConfiguration("slave-1", ["echo-here"], token: "wrong-token-5a"));

        Assert.Equal(2, await slave.WaitForExitAsync(s_limit));
        Assert.Contains("cluster.auth", slave.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-token-5a", slave.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", slave.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_UnreachableNats_SaysWhereAndExitsTwo()
    {
        await using var cluster = TestCluster.Start();
        var port = TestCluster.FreePort();
        await using var slave = ChildProcess.StartLuminarys(
            cluster.Folder, "-config", cluster.WriteConfiguration("slave-1", ["echo-here"], natsPort: port));

        Assert.Equal(2, await slave.WaitForExitAsync(s_limit));
        Assert.Contains($"127.0.0.1:{port}", slave.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", slave.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_AddressOfAnotherMachine_SaysWhichAndExitsTwo()
    {
        // 203.0.113.0/24 is set aside for documentation: no machine has it.
        Write("host.yaml", "http: { addr: '203.0.113.7:8099' }\n");

        var (code, output) = await RunAsync("-config", "host.yaml");

        Assert.Equal(2, code);
        Assert.Contains("203.0.113.7:8099", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relay_WithTheMastersConfiguration_ListensRefusesStrangersAndEndsWhenAsked()
    {
        var port = TestCluster.FreePort();
        Write("master.yaml", $"cluster: {{ enabled: true, cluster_id: a, node_id: m, role: master, nats_url: 'nats://127.0.0.1:1', relay_port: {port}, auth: {{ token: hush }} }}");
        await using var relay = ChildProcess.StartLuminarys(_folder, "relay", "-config", "master.yaml");
        await Eventually.HoldsAsync("the relay listens", s_limit, () => Task.FromResult(relay.Output.Contains($"port {port}", StringComparison.Ordinal)), () => relay.Output);

        using var stranger = new System.Net.Sockets.TcpClient("127.0.0.1", port);
        await stranger.GetStream().WriteAsync(new byte[] { 0, 3, 1, 2, 3 }, TestContext.Current.CancellationToken);
        var answer = new byte[4];
        await stranger.GetStream().ReadExactlyAsync(answer, TestContext.Current.CancellationToken);

        Assert.Equal([0, 2, 6, 1], answer);
        Assert.Equal(0, await relay.TerminateAsync(s_limit));
        Assert.DoesNotContain("hush", relay.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log: { level: info }", "cluster:")]
    [InlineData("cluster: { enabled: true, cluster_id: a, node_id: m, role: master, nats_url: 'nats://127.0.0.1:1' }", "cluster.relay.secret:")]
    public async Task Relay_WithoutWhatItNeeds_SaysWhatAndExitsOne(string yaml, string expected)
    {
        Write("master.yaml", yaml);

        var (code, output) = await RunAsync("relay", "-config", "master.yaml");

        Assert.Equal(1, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_NoConfiguration_OffersTheDemoEchoSkillOn8080()
    {
        await using var host = ChildProcess.StartLuminarys(_folder);
        using var http = new HttpClient();
        await Eventually.HoldsAsync("the demo answers on port 8080", s_limit,
            async () => (await http.GetAsync(new Uri("http://127.0.0.1:8080/health"))).IsSuccessStatusCode, () => host.Output);

        await using var client = await ModelContextProtocol.Client.McpClient.CreateAsync(
            new ModelContextProtocol.Client.HttpClientTransport(new() { Endpoint = new Uri("http://127.0.0.1:8080/mcp") }),
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("hi", await TestCluster.CallAsync(client, "echo-skill__echo", new() { ["message"] = "hi" }));
        Assert.Equal(0, await host.TerminateAsync(s_limit));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = ChildProcess.StartLuminarys(_folder, arguments);
        var code = await process.WaitForExitAsync(s_limit);
        return (code, process.Output);
    }
}
