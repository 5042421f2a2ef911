using System.Collections.Immutable;
using System.Text.Json;
using Luminarys.Nodes;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Skills;
using NSubstitute;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

/// <summary>Requests as the three SDKs send them, byte for byte, and the answers: system, cluster and language model.</summary>
public sealed class GoldenTests
{
    private static readonly string s_directory = Path.Combine(AppContext.BaseDirectory, "assets", "golden");

    private static readonly string[] s_functions =
    [
        "sys_info", "time_now", "env_get", "log_write", "cluster_node_list", "file_transfer_send", "file_transfer_recv", "history_get", "prompt_complete",
    ];

    public static TheoryData<string> Files() =>
        [.. from function in s_functions from sdk in "agr" select $"{function}.{sdk}"];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Request_OfThatSdk_IsAnsweredExactlySo(string file)
    {
        var lines = (await File.ReadAllLinesAsync(Path.Combine(s_directory, $"{file}.txt"), TestContext.Current.CancellationToken))
            .Where(line => !line.StartsWith('#')).Select(line => line.Split(' ', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        await using var stage = new FunctionStage(Host(), Model(), new FileTransferPermission(["*"], [new DirectoryGrant("/data", AccessMode.ReadWrite)]));

        var (error, answer) = stage.Call(file.Split('.')[0], Convert.FromHexString(lines["request"]));

        Assert.Null(error);
        if (lines.TryGetValue("answer", out var hex))
        {
            Assert.Equal(hex, Convert.ToHexStringLower(answer));
            return;
        }

        var values = (Dictionary<object, object>)RuntimeHarness.Decode(answer)!;
        var expected = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(lines["answer-json"])!;
        Assert.Equal(expected.Keys.Order(), values.Keys.Cast<string>().Order());
        Assert.All(expected, pair => Assert.True(pair.Value.ToString() is "*" || pair.Value.ToString() == Convert.ToString(values[pair.Key], null), pair.Key));
    }

    private static ISkillHost Host()
    {
        var host = Substitute.For<ISkillHost>();
        host.FindCluster().Returns(new ClusterView(new NodeId("m"), [
            new ClusterNode(new NodeId("s1"), NodeRole.Slave, []), new ClusterNode(new NodeId("m"), NodeRole.Master, [new SkillId("one"), new SkillId("two")])]));
        return host;
    }

    private static ILanguageModel Model()
    {
        var model = Substitute.For<ILanguageModel>();
        model.CompleteAsync(RuntimeHarness.Id, "2+2?", Arg.Any<double?>(), Arg.Any<int?>(), Arg.Any<CancellationToken>()).Returns("4");
        ImmutableArray<ChatMessage> history = [new("user", "hi"), new("assistant", "hello")];
        model.GetHistoryAsync(RuntimeHarness.Id, "s1", "last:2", Arg.Any<CancellationToken>()).Returns(history);
        return model;
    }
}
