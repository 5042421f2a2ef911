using ModelContextProtocol.Client;

namespace Luminarys.E2E;

/// <summary>Real guests on real nodes call each other over a real bus.</summary>
[Trait("Kind", "Integration")]
public sealed class SkillCallTests
{
    [Fact]
    public async Task GuestOnASlave_CallsGuestsOnOtherNodes_AsFarAsBothPoliciesAllow()
    {
        await using var cluster = TestCluster.Start();
        foreach (var skill in new[] { "alpha", "beta", "gamma", "home" })
        {
            File.Copy(Path.Combine(Checkout.Root, "tests", "assets", "guests", "conformance-as.wasm"), Path.Combine(cluster.Folder, $"{skill}.wasm"));
        }

        cluster.Extras["alpha"] = "invoke_policy: { can_invoke: [beta, home] }";
        cluster.Extras["gamma"] = "invoke_policy: { can_invoke: [beta] }";
        cluster.Extras["beta"] = "invoke_policy: { can_be_invoked_by: [alpha] }";
        cluster.Extras["home"] = "invoke_policy: { can_be_invoked_by: [alpha] }";
        cluster.StartNode("master", "home");
        cluster.StartNode("slave-1", "alpha", "gamma");
        cluster.StartNode("slave-2", "beta");
        await using var client = await cluster.ConnectAsync();
        await cluster.WaitForSkillsAsync(client, 2 * TestCluster.Patience, "alpha", "beta", "gamma", "home");

        await CallModuleAsync(client, "alpha", "beta");
        await CallModuleAsync(client, "alpha", "home");
        await CallModuleAsync(client, "alpha", "gamma");
        await CallModuleAsync(client, "gamma", "beta");

        // The order is that of the answers: those of one skill's commands come as its callbacks get their turn.
        await HeardAsync(cluster, client, "alpha", events => Has(events, "beta", "") && Has(events, "home", "") && Has(events, "gamma", "permission denied"));
        await HeardAsync(cluster, client, "gamma", events => Has(events, "beta", "permission denied"));
    }

    private static async Task CallModuleAsync(McpClient client, string caller, string target) => await TestCluster.CallAsync(client, $"{caller}__commands", new()
    {
        ["commands"] = new object[]
        {
            new Dictionary<string, object?>
            {
                ["type"] = "call_module",
                ["payload"] = new Dictionary<string, object?>
                {
                    ["skill_id"] = target,
                    ["method"] = "echo",
                    ["payload"] = new Dictionary<string, object?> { ["message"] = "hi" },
                    ["callback"] = "on_event",
                    ["call_ctx"] = $"to-{target}",
                },
            },
        },
    });

    private static async Task HeardAsync(TestCluster cluster, McpClient client, string skill, Func<string, bool> isComplete)
    {
        var events = "";
        await Eventually.HoldsAsync($"the callbacks of {skill} came", TestCluster.Patience, async () =>
        {
            events = await TestCluster.CallAsync(client, $"{skill}__events", []);
            return isComplete(events);
        }, () => $"{events}\n{cluster.Logs}");
    }

    // One callback as the model sees it: a map with the name of the call and its error, in any order of fields.
    private static bool Has(string events, string target, string error) => events.Split('}').Any(
        item => item.Contains($"\"to-{target}\"", StringComparison.Ordinal) && item.Contains($"\"error\":\"{error}\"", StringComparison.Ordinal));
}
