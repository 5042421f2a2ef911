using System.Collections.Immutable;
using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Runtime.Wasm.HostFunctions;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

public sealed class PermissionGateTests : IDisposable
{
    private static readonly Verdict s_denial = Verdict.Deny("permissions.fs.dirs: /data:ro", "permissions.fs.dirs: /data:rw");
    private readonly LogLines _log = new();
    private readonly LogLines _auditLines = new();
    private readonly ManualClock _time = new();
    private readonly Interruption _interruption;
    private readonly HostCall _call;
    private readonly PermissionGate _gate;

    public PermissionGateTests()
    {
        _interruption = new(_time, CancellationToken.None);
        _call = new(_interruption, _time) { Id = CallId.New(_time) };
        _gate = Create(LogDefences.All);
    }

    public void Dispose() => _interruption.Dispose();

    [Fact]
    public void Check_NobodyWatches_KeepsNothingAndAllocatesNothing()
    {
        var allowed = Verdict.Allow("permissions.fs.dirs: /data:ro");
        _gate.Check(_call, "fs_read", "/data/a", allowed);

        var before = GC.GetAllocatedBytesForCurrentThread();
        _gate.Check(_call, "fs_read", "/data/a", allowed);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Null(_call.Verdict);
    }

    [Fact]
    public void Check_SomebodyWatches_KeepsTheVerdictWithoutSecrets()
    {
        var call = new HostCall(_interruption, _time) { IsObserved = true };

        _gate.Check(call, "http_get", "https://x/?key=a-secret-value", Verdict.Allow("permissions.http.allowlist: https://x/?key=a-secret-value"));

        Assert.NotNull(call.Verdict);
        Assert.DoesNotContain("a-secret-value", call.Resource + call.Verdict.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Allowed_IsSilent()
    {
        Assert.Null(_gate.Check(_call, "fs_read", "/data/x", Verdict.Allow("permissions.fs.dirs: /data:ro")));
        Assert.Empty(_log.All);
        Assert.Empty(_auditLines.All);
    }

    [Fact]
    public void Check_Denied_TellsTheGuestTwoWordsAndTheOperatorEverything()
    {
        Assert.Equal("permission denied", _gate.Check(_call, "fs_write", "/data/x", s_denial));
        Assert.Equal(
            $"Denied fs_write of /data/x to skill guest in call {_call.Id}: permissions.fs.dirs: /data:ro; to allow it, write permissions.fs.dirs: /data:rw",
            Assert.Single(_log.Of(3030)));
    }

    [Fact]
    public void Check_Denied_IsOneLineOfJsonInTheAuditLog()
    {
        _gate.Check(_call, "fs_write", "/data/\"x\"\n", s_denial);

        var line = Assert.Single(_auditLines.Of(3090));
        Assert.DoesNotContain('\n', line);
        var record = JsonDocument.Parse(line).RootElement;
        Assert.Equal("denial", record.GetProperty("event").GetString());
        Assert.Equal("guest", record.GetProperty("skill").GetString());
        Assert.Equal("fs_write", record.GetProperty("function").GetString());
        Assert.Equal("/data/\"x\"\\n", record.GetProperty("resource").GetString());
        Assert.Equal(_call.Id.ToString(), record.GetProperty("call").GetString());
    }

    [Fact]
    public void Check_NothingCanAllowIt_SaysSo()
    {
        _gate.Check(_call, "http_get", "http://169.254.169.254/", Verdict.Deny("fixed rule: metadata", ""));

        Assert.EndsWith("no manifest can allow it", Assert.Single(_log.Of(3030)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a-secret-value", true)]
    [InlineData("a-secret-value", false)]
    [InlineData("YS1zZWNyZXQtdmFsdWU=", true)]
    [InlineData("YS1zZWNyZXQtdmFsdWU=", false)]
    public void O1_Check_SecretInTheResource_StaysOutOfBothLogsUnlessTheDefenceIsOff(string form, bool hides)
    {
        var resource = $"https://x.example/?k={form}";
        Create(new() { HidesSecrets = hides }).Check(_call, "http_get", resource, Verdict.Deny("nothing matches", $"permissions.http.allowlist: [\"{resource}\"]"));

        Assert.Equal(2, _log.All.Count + _auditLines.All.Count);
        Assert.All(_log.All.Concat(_auditLines.All), line =>
        {
            Assert.Equal(hides, line.Text.Contains("***", StringComparison.Ordinal));
            Assert.Equal(!hides, line.Text.Contains(form[..^2], StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Check_ControlCharactersInTheResource_AreShown()
    {
        _gate.Check(_call, "fs_read", "/a\n\u001b[2Jfake line", s_denial);

        Assert.Contains("/a\\n\\e[2Jfake line", Assert.Single(_log.Of(3030)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 101)]
    [InlineData(false, 251)]
    public void S9_Check_FloodOfDenials_IsCutAndCountedUnlessTheDefenceIsOff(bool bounds, int lines)
    {
        var gate = Create(new() { BoundsLines = bounds });
        for (var i = 0; i < 250; i++)
        {
            Assert.Equal("permission denied", gate.Check(_call, "fs_read", "/x", s_denial));
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        gate.Check(_call, "fs_read", "/x", s_denial);

        Assert.Equal(lines, _log.Of(3030).Count);
        Assert.Equal(lines, _auditLines.Of(3090).Count);
        if (bounds)
        {
            Assert.Contains("150", Assert.Single(_log.Of(3031)), StringComparison.Ordinal);
        }
    }

    private PermissionGate Create(LogDefences defences)
    {
        var manifest = new Manifest(RuntimeHarness.Id, "", "/a.wasm")
        {
            Permissions = new PermissionSet { Environment = ImmutableDictionary<string, string>.Empty.Add("API_KEY", "a-secret-value") },
        };
        return new(manifest, _log, _time, new AuditLog(_auditLines, _time), defences);
    }
}
