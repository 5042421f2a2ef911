using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Permissions.Network;
using Luminarys.Skills;

namespace Luminarys.Core.Tests.Permissions;

public sealed class PermissionJudgeTests
{
    private static readonly PermissionJudge s_none = new(new Manifest(new SkillId("a"), "", "/a.wasm"), new NetworkPolicy());

    private static readonly PermissionJudge s_some = new(
        new Manifest(new SkillId("a"), "", "/a.wasm")
        {
            Permissions = new PermissionSet
            {
                Directories = [new("/data", AccessMode.ReadOnly)],
                Http = new(["https://a.example/**"], 1, true),
                Tcp = new(["a.example:443"], false),
                Shell = new(["git **"], ["**"]),
                FileTransfer = new(["node-2"], [new("/data", AccessMode.ReadOnly)]),
                Environment = ImmutableDictionary<string, string>.Empty.Add("K", "v"),
            },
            InvokePolicy = new(["b"], ["c"]),
        },
        new NetworkPolicy());

    public static TheoryData<string, string, string> Questions => new()
    {
        { "fs", "/data/x", "permissions.fs.dirs" },
        { "http", "https://a.example/x", "permissions.http" },
        { "ws", "wss://a.example/x", "permissions.http" },
        { "tcp", "a.example:443", "permissions.tcp" },
        { "shell", "git push", "permissions.shell" },
        { "transfer", "/data/x", "permissions.file_transfer" },
        { "env", "K", "env" },
        { "invoke", "b", "invoke_policy.can_invoke" },
        { "invoked by", "c", "invoke_policy.can_be_invoked_by" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public void Judge_Granted_IsAllowedAndNamesTheRule(string capability, string resource, string key)
    {
        var verdict = Ask(s_some, capability, resource);

        Assert.True(verdict.IsAllowed, verdict.Rule);
        Assert.StartsWith(key, verdict.Rule, StringComparison.Ordinal);
        Assert.Empty(verdict.Remedy);
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void Judge_NothingGranted_IsDeniedAndNamesTheLine(string capability, string resource, string key)
    {
        var verdict = Ask(s_none, capability, resource);

        Assert.False(verdict.IsAllowed);
        Assert.StartsWith(key, verdict.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fs", "data")]
    [InlineData("fs", "/data/../etc")]
    [InlineData("http", "wss://a.example/")]
    [InlineData("http", "https://user@a.example/")]
    [InlineData("ws", "https://a.example/")]
    [InlineData("tcp", "a.example")]
    [InlineData("shell", "git push; rm x")]
    [InlineData("transfer", "x")]
    [InlineData("invoke", "not an id")]
    public void Judge_MalformedResource_IsDeniedWithoutARemedy(string capability, string resource)
    {
        var verdict = Ask(s_some, capability, resource);

        Assert.False(verdict.IsAllowed);
        Assert.Empty(verdict.Remedy);
    }

    [Theory]
    [InlineData("git push && rm x", "'&'")]
    [InlineData("git push; rm x", "';'")]
    [InlineData("git push | cat", "'|'")]
    [InlineData("git log > x", "'>'")]
    public void S5_JudgeCommand_Operator_IsDeniedByAFixedRule(string line, string character)
    {
        var verdict = s_some.JudgeCommand(line);

        Assert.Equal((false, $"fixed rule: {character} is not allowed outside of quotes: no shell runs the command", ""), (verdict.IsAllowed, verdict.Rule, verdict.Remedy));
        Assert.StartsWith("the command is refused: ", s_some.JudgeCommand("git 'push").Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void JudgeTransfer_NeedsTheNodeAndTheDirectoryWithTheMode()
    {
        Assert.True(s_some.JudgeTransfer("node-2", "/data/x", AccessMode.ReadOnly).IsAllowed);
        Assert.Equal("permissions.file_transfer.allowed_nodes: [\"node-3\"]", s_some.JudgeTransfer("node-3", "/data/x", AccessMode.ReadOnly).Remedy);
        Assert.Equal("permissions.file_transfer.local_dirs: /data/x:rw", s_some.JudgeTransfer("node-2", "/data/x", AccessMode.ReadWrite).Remedy);
    }

    private static Verdict Ask(PermissionJudge judge, string capability, string resource) => capability switch
    {
        "fs" => judge.JudgeFile(resource, AccessMode.ReadOnly),
        "http" => judge.JudgeHttp(resource),
        "ws" => judge.JudgeWebSocket(resource),
        "tcp" => judge.JudgeTcp(resource),
        "shell" => judge.JudgeCommand(resource),
        "transfer" => judge.JudgeTransfer("node-2", resource, AccessMode.ReadOnly),
        "env" => judge.JudgeEnvironment(resource),
        "invoke" => judge.JudgeInvoke(resource),
        _ => judge.JudgeInvokedBy(resource),
    };
}
