using System.Text.Json;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Lmsk.Tests;

public sealed class InfoCommandTests
{
    private static readonly SkillRequirement[] s_requirements =
    [
        new("fs", "/data", "rw"),
        new("fs", "/logs/**:ro", ""),
        new("fs", "/etc", ""),
        new("http", "https://api.example.com/**", ""),
        new("ws", "wss://feed.example.com/**", ""),
        new("tcp", "redis.internal:6379", ""),
        new("shell", "git **", ""),
        new("shell", "printf \"%s\\n\" '${HOME}' # x: [y]", ""),
        new("env", "API_KEY", ""),
        new("invoke", "other-skill", ""),
        new("llm", "", ""),
    ];

    [Fact]
    public async Task Info_BareModule_ShowsWhatItIs()
    {
        using var bench = new Workbench();
        var module = Modules.Of(Modules.Echo);

        var output = await bench.DoAsync("info", bench.Write("echo.wasm", module));

        Assert.Contains("package  com.example.echo 1.2.3\nname     Echo\nabout    Repeats what it hears.\nsdk      1.2.3\n", output, StringComparison.Ordinal);
        Assert.Contains($"module   {module.Length} bytes, sha256 {PackageDigest.Of(module)}", output, StringComparison.Ordinal);
        Assert.Contains("  echo(text: string, times?: integer, case?: string, tags?: array of string)\n      Repeats a text.\n", output, StringComparison.Ordinal);
        Assert.Contains("      text: What to repeat, for example \"hello\"\n      times: How often, default 1\n      case: Letters, one of upper | lower\n", output, StringComparison.Ordinal);
        Assert.Contains("  on_event() [callback]\n", output, StringComparison.Ordinal);
        Assert.Contains("  secret() [internal]\n", output, StringComparison.Ordinal);
        Assert.Contains("needs no permission\n", output, StringComparison.Ordinal);
        Assert.Contains("permissions: {}\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("signed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_Package_ShowsWhoSignedIt()
    {
        using var bench = new Workbench();
        await bench.DoAsync("sign", bench.Write("echo.wasm", Modules.Of(Modules.Echo)), "-key", bench.MakeKey(), "-out", "echo.skill");

        var package = await bench.DoAsync("info", "echo.skill");
        var module = await bench.DoAsync("info", "echo.wasm");

        Assert.Matches("(?m)^key id   [0-9a-f]{64}$", package);
        Assert.Matches("(?m)^signed   20[0-9-]{8}T[0-9:]{8}Z$", package);
        Assert.Equal(module[module.IndexOf("module ", StringComparison.Ordinal)..], package[package.IndexOf("module ", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task Info_PackageWithAModuleThatCannotRun_IsShownAllTheSame()
    {
        using var bench = new Workbench();
        bench.Write("odd.skill", Packages.Of(Modules.Echo, "never compiled"u8.ToArray()));

        Assert.Contains("package  com.example.echo 1.2.3", await bench.DoAsync("info", "odd.skill"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_Json_HoldsEverything()
    {
        using var bench = new Workbench();
        var descriptor = Modules.Echo with { Requirements = [.. s_requirements] };
        bench.Write("echo.skill", Packages.Of(descriptor, [1, 2, 3]));

        using var json = JsonDocument.Parse(await bench.DoAsync("info", "echo.skill", "-json"));

        var root = json.RootElement;
        Assert.Equal("com.example.echo", root.GetProperty("id").GetString());
        Assert.Equal(3, root.GetProperty("module").GetProperty("size").GetInt32());
        Assert.Equal(64, root.GetProperty("signature").GetProperty("key_id").GetString()!.Length);
        Assert.Equal(["echo", "on_event", "secret"], root.GetProperty("methods").EnumerateArray().Select(method => method.GetProperty("name").GetString()));
        var parameters = root.GetProperty("methods")[0].GetProperty("params");
        Assert.Equal(1, parameters[1].GetProperty("default").GetInt32());
        Assert.Equal("string", parameters[3].GetProperty("items").GetProperty("type").GetString());
        Assert.Equal(s_requirements.Length, root.GetProperty("requirements").GetArrayLength());
    }

    [Fact]
    public async Task Info_ManifestSketch_MeetsTheRequirementsWhenPasted()
    {
        using var bench = new Workbench();
        var descriptor = Modules.Echo with { Requirements = [.. s_requirements] };
        var output = await bench.DoAsync("info", bench.Write("needy.wasm", Modules.Of(descriptor)));
        var sketch = output[output.IndexOf("permissions:", StringComparison.Ordinal)..];
        var file = bench.Write("needy.yaml", $"id: needy\npath: needy.wasm\n{sketch}");

        var result = new ManifestReader(bench.Folder, new Dictionary<string, string> { ["HOME"] = "wrong" }).Read(file);

        Assert.DoesNotContain(result.Problems, problem => problem.Severity == ConfigurationSeverity.Error);
        var report = RequirementCheck.Check(descriptor, result.Manifest!, hasLanguageModel: true);
        Assert.True(report.IsMet, string.Join('\n', report.Unmet));
        Assert.Contains("printf \"%s\\n\" '${HOME}' # x: [y]", result.Manifest!.Permissions.Shell!.Allowlist);
    }

    [Fact]
    public async Task Info_HostileTexts_DoNotReachTheTerminal()
    {
        using var bench = new Workbench();
        const string evil = "\u001b[2Jgone\nkey id   forged\u202e";
        var descriptor = Modules.Echo with
        {
            Name = evil,
            Description = evil,
            Methods = [new(evil, evil, [new(evil, ParameterType.String, evil, true, [evil], null, "\"\\u001b\"")])],
            Requirements = [new("shell", evil, ""), new("env", evil, ""), new(evil, evil, evil)],
        };

        await bench.DoAsync("info", bench.Write("evil.wasm", Modules.Of(descriptor)));

        Assert.DoesNotContain('\u001b', bench.Output);
        Assert.DoesNotContain('\u202e', bench.Output);
        Assert.DoesNotContain("\nkey id", bench.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_FileThatIsNeither_IsRefused()
    {
        using var bench = new Workbench();

        Assert.Contains("it is not a skill package", await bench.RefuseAsync("info", bench.Write("text.skill", "hello")), StringComparison.Ordinal);
        Assert.Contains("it cannot be read", await bench.RefuseAsync("info", "none.skill"), StringComparison.Ordinal);
        Assert.Contains("it did not start", await bench.RefuseAsync("info", bench.Write("traps.wasm", Modules.Asset("start-traps"))), StringComparison.Ordinal);
    }
}
