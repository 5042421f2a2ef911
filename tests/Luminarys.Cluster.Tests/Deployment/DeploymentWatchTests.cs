using Luminarys.Cluster.Tests.Support;
using Luminarys.Events;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Skills;
using static Luminarys.Cluster.Tests.Support.TestNode;

namespace Luminarys.Cluster.Tests.Deployment;

/// <summary>Whole nodes whose manifests change.</summary>
[Collection(nameof(WholeNodes))]
public sealed class DeploymentWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(8);
    private static readonly PackageDigest s_other = PackageDigest.Of("two"u8);
    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Master_SkillIsAdded_IsListedEverywhereAndNothingElseIsToldAsChanged()
    {
        var (master, slave) = await JoinedAsync();

        master.Change(Named("echo"), Named("more"));

        await _cluster.UntilAsync(() => master.Skills is ["echo@master", "far@slave-1", "more@master", "near@slave-1"], s_soon, "the master lists it");
        await _cluster.UntilAsync(() => slave.Skills.SequenceEqual(master.Skills), s_soon, "the slave's copy follows");
        await _cluster.UntilAsync(() => Told<SkillPublished>(master) is [.., "more"], s_soon, "the skill was told");
        Assert.Empty(Told<SkillWithdrawn>(master));
        Assert.Contains(new SkillId("more"), master.Runtime.Active);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Change_OfOneSkill_ReachesTheRegistryAndTheOthersStayWhatTheyAre(bool isOnSlave)
    {
        var (master, slave) = await JoinedAsync();
        var (node, id) = isOnSlave ? (slave, "far") : (master, "echo");
        var before = master.Registry.Current.Find(new("near"))!.Skill;
        node.Runtime.Digest = s_other;

        node.Change(isOnSlave ? [Named("far", "2"), Named("near")] : [Named("echo", "2")]);

        await _cluster.UntilAsync(() => master.Registry.Current.Find(new(id))?.Skill.Digest == s_other, s_soon, "the registry has the new package");
        await _cluster.UntilAsync(() => slave.Registry.Current.Find(new(id))?.Skill.Digest == s_other, s_soon, "the slave's copy has it too");
        await _cluster.UntilAsync(() => Told<SkillPublished>(master)[^1] == id, s_soon, "it was told");
        Assert.Equal([id], Told<SkillWithdrawn>(master));
        Assert.Same(before, master.Registry.Current.Find(new("near"))!.Skill);
        Assert.DoesNotContain(master.Events, item => item is NodeLost);
        Assert.True((await CallAsync(master, id)).IsSuccess);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Removal_LeavesTheRegistryAndTheRuntime(bool isOnSlave)
    {
        var (master, slave) = await JoinedAsync();
        var (node, id) = isOnSlave ? (slave, "far") : (master, "echo");
        var gone = new ManifestResult(id, null, []) { IsMissing = true };

        node.Change(isOnSlave ? [gone, Named("near")] : [gone]);

        await _cluster.UntilAsync(() => master.Registry.Current.Find(new(id)) is null, s_soon, "nobody lists it");
        Assert.Equal(InvocationError.NoSuchSkill, (await CallAsync(master, id)).Error);
        Assert.True((await CallAsync(master, "near")).IsSuccess);
        await _cluster.UntilAsync(() => !node.Runtime.Has(id), s_soon, "the runtime is rid of it");
    }

    [Fact]
    public async Task Change_ThatDoesNotLoad_LeavesTheOldOneAndARepairedOneFollows()
    {
        var (master, _) = await JoinedAsync();
        var revision = master.Registry.Current.Version;

        master.Change(Named("echo", "broken"));
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(revision, master.Registry.Current.Version);
        Assert.True((await CallAsync(master, "echo")).IsSuccess);
        master.Runtime.Digest = s_other;
        master.Change(Named("echo", "3"));
        await _cluster.UntilAsync(() => master.Registry.Current.Find(new("echo"))?.Skill.Digest == s_other, s_soon, "the repaired one serves");
    }

    [Fact]
    public async Task Change_WithoutAMaster_IsRegisteredWhenThereIsOne()
    {
        var (master, slave) = await JoinedAsync();
        await master.KillAsync();
        await _cluster.PassAsync(TimeSpan.FromSeconds(20));

        slave.Change(Named("far"));
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));
        var next = _cluster.Master("other");
        Assert.Null(await _cluster.StartAsync(next));

        await _cluster.UntilAsync(() => next.Skills.Length > 0, s_soon, "the slave joined");
        Assert.Equal(["far@slave-1"], next.Skills);
    }

    [Fact]
    public async Task Schedules_WaitUntilTheNodeServes()
    {
        var slave = _cluster.Slave("slave-1", "far");
        Assert.Null(await _cluster.StartAsync(slave));
        await _cluster.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Empty(slave.Runtime.Active);

        var master = _cluster.Master(skills: ["echo"]);
        Assert.Null(await _cluster.StartAsync(master));

        await _cluster.UntilAsync(() => !slave.Runtime.Active.IsEmpty, s_soon, "the slave serves");
        Assert.Equal(["far@slave-1"], master.Skills.Where(skill => skill.StartsWith("far", StringComparison.Ordinal)));
        await _cluster.UntilAsync(() => !master.Runtime.Active.IsEmpty, s_soon, "the master is in office");
    }

    private static string[] Told<T>(TestNode node)
        where T : IDomainEvent =>
        [.. node.Events.OfType<T>().Select(item => item switch
        {
            SkillPublished published => published.Entry.Skill.Id.Value,
            SkillWithdrawn withdrawn => withdrawn.Entry.Skill.Id.Value,
            _ => "",
        })];

    private async Task<InvocationResult> CallAsync(TestNode master, string skill)
    {
        var call = new Invocation(CallId.New(_cluster.Time), new(skill), "echo", new byte[] { 0x80 }, Caller.Edge, Deadline.After(TimeSpan.FromSeconds(30), _cluster.Time));
        return await _cluster.UntilAsync(master.Invoker.InvokeAsync(call, TestContext.Current.CancellationToken).AsTask(), s_soon, "a call ended");
    }

    private async Task<(TestNode Master, TestNode Slave)> JoinedAsync()
    {
        var master = _cluster.Master(skills: ["echo"]);
        var slave = _cluster.Slave("slave-1", "far", "near");
        Assert.Null(await _cluster.StartAsync(master));
        Assert.Null(await _cluster.StartAsync(slave));
        await _cluster.UntilAsync(() => master.Skills.Length == 3 && slave.Skills.SequenceEqual(master.Skills), s_soon, "the slave joined");
        await _cluster.UntilAsync(() => Told<SkillPublished>(master).Length == 3, s_soon, "all was told");
        return (master, slave);
    }
}
