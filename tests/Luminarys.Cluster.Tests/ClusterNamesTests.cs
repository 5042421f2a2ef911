using System.Collections.Immutable;
using System.Text;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Events;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Cluster.Tests;

/// <summary>Who may offer which skill, on whole nodes.</summary>
[Collection(nameof(WholeNodes))]
public sealed class ClusterNamesTests : IAsyncDisposable
{
    private static readonly TimeSpan s_join = TimeSpan.FromSeconds(8);
    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Accept_SkillThatIsNotAccepted_IsNowhereAndTold()
    {
        var accept = new Dictionary<NodeId, ImmutableArray<string>> { [new("slave-1")] = ["good*"] };
        var master = await StartAsync(new() { Accept = accept });
        var slave = await JoinAsync("slave-1", "good", "evil");

        await _cluster.UntilAsync(() => master.Skills is ["good@slave-1"] && Refusals(master).Length == 1, s_join, "the accepted skill is listed, the other told");

        Assert.Equal(new SkillRefused(new("slave-1"), new("evil"), SkillRefusal.NotAccepted, null), Assert.Single(Refusals(master)));
        Assert.Equal(InvocationError.NoSuchSkill, (await CallAsync(master, "evil")).Error);
        Assert.Equal(InvocationError.NoSuchSkill, (await CallAsync(master, "evil", "slave-1")).Error);
        Assert.Empty(slave.Runtime.Begun);
        await _cluster.UntilAsync(() => slave.Skills.SequenceEqual(master.Skills), s_join, "the slave's copy knows no more than the master");
    }

    [Fact]
    public async Task R7_OwnedName_WithAnotherPackage_IsToldAndNotRoutedTo()
    {
        var master = await StartAsync(new(), "own");
        var slave = _cluster.Slave("slave-1", "own", "far");
        slave.Runtime.Digest = Samples.Two;
        Assert.Null(await _cluster.StartAsync(slave));

        await _cluster.UntilAsync(() => master.Skills is ["far@slave-1", "own@master"] && Refusals(master).Length == 1, s_join, "the slave joined");

        Assert.Equal(new SkillRefused(new("slave-1"), new("own"), SkillRefusal.OtherPackage, new NodeId("master")), Assert.Single(Refusals(master)));
        Assert.Equal("master", (await CallAsync(master, "own")).Node.Value);
        await _cluster.PassAsync(TimeSpan.FromSeconds(12));
        Assert.Single(Refusals(master));
    }

    [Fact]
    public async Task NamedNode_GetsTheCall_WhetherItOwnsTheSkillOrNot()
    {
        var master = await StartAsync(new(), "echo");
        await JoinAsync("slave-1", "echo");
        await _cluster.UntilAsync(() => master.Registry.Current.Replicas.Length == 1, s_join, "the slave's replica is known");

        Assert.Equal("master", (await CallAsync(master, "echo")).Node.Value);
        Assert.Equal("slave-1", (await CallAsync(master, "echo", "slave-1")).Node.Value);
        Assert.Equal("master", (await CallAsync(master, "echo", "master")).Node.Value);
        Assert.Equal(InvocationError.NoSuchSkill, (await CallAsync(master, "echo", "slave-9")).Error);
    }

    [Fact]
    public async Task Duplicates_Error_TheSecondIsRefused()
    {
        var master = await StartAsync(new() { Duplicates = DuplicateRule.Error });
        await JoinAsync("slave-1", "echo");
        await _cluster.UntilAsync(() => master.Skills is ["echo@slave-1"], s_join, "the first is listed");
        await JoinAsync("slave-2", "echo", "more");

        await _cluster.UntilAsync(() => master.Skills is ["echo@slave-1", "more@slave-2"] && Refusals(master).Length == 1, s_join, "the second is told");

        Assert.Equal(new SkillRefused(new("slave-2"), new("echo"), SkillRefusal.Duplicate, new NodeId("slave-1")), Assert.Single(Refusals(master)));
        Assert.Empty(master.Registry.Current.Replicas);
    }

    [Fact]
    public async Task Duplicates_Balance_CallsGoWhereTheFewestRun()
    {
        var master = await StartAsync(new() { Duplicates = DuplicateRule.Balance });
        TestNode[] slaves = [await JoinAsync("slave-1", "echo"), await JoinAsync("slave-2", "echo"), await JoinAsync("slave-3", "echo")];
        await _cluster.UntilAsync(() => master.Registry.Current.Replicas.Length == 2, s_join, "all are known");
        var gate = new TaskCompletionSource();
        foreach (var slave in slaves)
        {
            slave.Runtime.Body = async (invocation, _) =>
            {
                await gate.Task;
                return InvocationResult.Success(invocation.Payload);
            };
        }

        var calls = Enumerable.Range(0, 6).Select(_ => CallAsync(master, "echo")).ToList();
        await _cluster.UntilAsync(() => slaves.All(slave => slave.Runtime.Begun.Count == 2), s_join, "two calls run on each");
        gate.SetResult();
        await _cluster.UntilAsync(() => calls.TrueForAll(call => call.IsCompleted), s_join, "all have ended");

        Assert.All(calls, call => Assert.True(call.Result.IsSuccess));
    }

    [Fact]
    public async Task KnownKeys_UnknownSigner_IsNotPublished_UntilItsKeyIs()
    {
        var signers = new Signers();
        var master = await StartAsync(new() { RequireKnownKeys = true }, signers, "own");
        var slave = _cluster.Slave("slave-1", "signed");
        slave.Runtime.Signer = Samples.Signer;
        Assert.Null(await _cluster.StartAsync(slave));
        await _cluster.UntilAsync(() => Refusals(master).Length == 1, s_join, "the slave was refused");
        Assert.Equal(new SkillRefused(new("slave-1"), new("signed"), SkillRefusal.UnknownSigner, null), Assert.Single(Refusals(master)));
        Assert.Equal(["own@master"], master.Skills);

        signers.Trusted = Samples.Signer;
        await _cluster.UntilAsync(() => master.Skills is ["own@master", "signed@slave-1"], s_join, "the key is known now");

        signers.Trusted = null;
        await _cluster.UntilAsync(() => master.Skills is ["own@master"], s_join, "the key was revoked");
    }

    private static SkillRefused[] Refusals(TestNode node) => [.. node.Events.OfType<SkillRefused>()];

    private async Task<TestNode> StartAsync(MasterOptions options, params string[] skills) => await StartAsync(options, null, skills);

    private async Task<TestNode> StartAsync(MasterOptions options, ISignerTrust? signers, params string[] skills)
    {
        var master = _cluster.Master(options, signers, skills);
        Assert.Null(await _cluster.StartAsync(master));
        return master;
    }

    private async Task<TestNode> JoinAsync(string id, params string[] skills)
    {
        var slave = _cluster.Slave(id, skills);
        Assert.Null(await _cluster.StartAsync(slave));
        return slave;
    }

    private Task<InvocationResult> CallAsync(TestNode master, string skill, string? node = null) => master.Invoker.InvokeAsync(
        new Invocation(CallId.New(_cluster.Time), new(skill), "echo", Encoding.UTF8.GetBytes("x"), Caller.Edge, Deadline.After(TimeSpan.FromMinutes(1), _cluster.Time))
        {
            Node = node is null ? null : new NodeId(node),
        },
        TestContext.Current.CancellationToken).AsTask();

    private sealed class Signers : ISignerTrust
    {
        public Luminarys.Trust.KeyId? Trusted { get; set; }

        public ValueTask<SignerCheck> ReadAsync(CancellationToken cancellationToken)
        {
            var trusted = Trusted;
            return new((signer, _) => signer == trusted);
        }
    }
}
