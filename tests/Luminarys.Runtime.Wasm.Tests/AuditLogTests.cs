using System.Security.Cryptography;
using System.Text.Json;
using Luminarys.Files;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Luminarys.Runtime.Wasm.Tests;

public sealed class AuditLogTests
{
    [Fact]
    public async Task Runtime_LoadCallAndFailure_AreOneLineEachWithoutArguments()
    {
        var token = TestContext.Current.CancellationToken;
        var lines = new LogLines();
        var harness = new RuntimeHarness();
        await using var states = new MemoryStateStore();
        var files = new ServiceCollection().AddFileAccess(_ => { }).BuildServiceProvider().GetRequiredService<IFileAccess>();
        var ports = new RuntimePorts(files, states, Audit: new AuditLog(lines, TimeProvider.System));
        await using var runtime = new WasmSkillRuntime(Options.Create(new WasmRuntimeOptions()), ports, new LogLines(), TimeProvider.System);
        var payload = RuntimeHarness.Arguments(("message", "private words"));

        await runtime.LoadAsync(RuntimeHarness.ManifestOf("echo"), harness.Host, token);
        await runtime.LoadAsync(RuntimeHarness.ManifestOf("echo"), harness.Host, token);
        await runtime.InvokeAsync(harness.Call("nothing", payload), token);

        var records = lines.All.Select(line => JsonDocument.Parse(line.Text).RootElement).ToList();
        Assert.Equal(["load", "load_failed", "call_start", "call_end"], records.Select(record => record.GetProperty("event").GetString()));
        Assert.All(records, record => Assert.Equal("guest", record.GetProperty("skill").GetString()));
        Assert.Equal(payload.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), records[2].GetProperty("argument_bytes").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(payload)), records[2].GetProperty("argument_sha256").GetString());
        Assert.Equal(InvocationError.NoSuchMethod.ToCode(), records[3].GetProperty("outcome").GetString());
        Assert.All(lines.All, line => Assert.DoesNotContain("private words", line.Text, StringComparison.Ordinal));
        await harness.DisposeAsync();
    }
}
