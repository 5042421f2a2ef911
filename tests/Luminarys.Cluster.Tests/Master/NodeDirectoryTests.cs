using CsCheck;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Registry;

namespace Luminarys.Cluster.Tests.Master;

public sealed class NodeDirectoryTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_ttl = TimeSpan.FromSeconds(15);

    [Fact]
    public void Hello_NewNode_IsWelcomeButNotListed()
    {
        var directory = Directory();

        var reply = directory.Hello(Samples.Sender("a", epoch: 0), Samples.Hello, At(0));

        Assert.Equal(InvocationError.None, reply.Answer?.Code);
        Assert.Equal(1UL, reply.Answer?.MaxIncarnation);
        Assert.Equal(5000U, reply.Answer?.HeartbeatMs);
        Assert.Equal(15000U, reply.Answer?.TtlMs);
        Assert.Single(directory.Snapshot.Nodes);
    }

    [Fact]
    public void Register_FirstTime_ListsNodeAndSkills()
    {
        var (directory, peers) = DirectoryAndPeers();
        Join(directory, Samples.Sender("a"), "x", "y");

        Assert.Equal(["x@a", "y@a"], Listed(directory));
        Assert.Equal(NodeState.Alive, directory.Snapshot.Nodes[1].State);
        Assert.Equal(Samples.Instance(1), peers.Find(new("a"))?.Instance);
    }

    [Fact]
    public void Hello_MoreNodesInADayThanItRemembers_ForgetsTheOldestThatIsGone()
    {
        var directory = Directory();
        for (var number = 0; number < 3000; number++)
        {
            var sender = Samples.Sender($"node-{number}");

            var reply = directory.Hello(sender, Samples.Hello, At(number));

            Assert.Equal(InvocationError.None, reply.Answer?.Code);
            directory.Sweep(At(number), isBusUp: true);
        }
    }

    [Fact]
    public void R3_Register_RepeatedWithSameDigest_ChangesNothing()
    {
        var directory = Directory();
        var sender = Samples.Sender("a");
        Join(directory, sender, "x");
        var version = directory.Copy.Version;

        var reply = directory.Register(sender, Samples.Registration(Samples.List("x")), At(1));

        Assert.Equal(InvocationError.None, reply.Answer?.Code);
        Assert.Equal(version, directory.Copy.Version);
    }

    [Fact]
    public void Register_SameRevisionOtherDigest_IsAConflict()
    {
        var directory = Directory();
        var sender = Samples.Sender("a");
        Join(directory, sender, "x");

        var reply = directory.Register(sender, Samples.Registration(Samples.List("z")), At(1));

        Assert.Equal(InvocationError.Conflict, reply.Answer?.Code);
        Assert.Equal(["x@a"], Listed(directory));
    }

    [Fact]
    public void R2_Register_OlderRevision_IsStaleAndChangesNothing()
    {
        var directory = Directory();
        var sender = Samples.Sender("a");
        Join(directory, sender, "x");
        directory.Register(sender, Samples.Registration(Samples.List("y"), revision: 5), At(1));
        var version = directory.Copy.Version;

        var reply = directory.Register(sender, Samples.Registration(Samples.List("x"), revision: 4), At(2));

        Assert.Equal(InvocationError.Stale, reply.Answer?.Code);
        Assert.Equal(5UL, reply.Answer?.RegistrationRevision);
        Assert.Equal(version, directory.Copy.Version);
    }

    [Fact]
    public void Register_WrongDigest_IsRefused()
    {
        var directory = Directory();
        var sender = Samples.Sender("a");
        directory.Hello(sender, Samples.Hello, At(0));

        var reply = directory.Register(sender, Samples.Registration(Samples.List("x")) with { Digest = new(5) }, At(0));

        Assert.Equal(InvocationError.BadArgument, reply.Answer?.Code);
        Assert.Empty(Listed(directory));
    }

    [Fact]
    public void Register_InPages_TakesEffectWithTheLastOne()
    {
        var directory = Directory();
        var sender = Samples.Sender("a");
        directory.Hello(sender, Samples.Hello, At(0));
        var pages = Samples.List("x", "y", "z").Pages(1, pageSize: 1, t0: 0);
        Assert.Equal(3, pages.Length);

        directory.Register(sender, pages[0], At(0));
        directory.Register(sender, pages[1], At(0));
        Assert.Empty(Listed(directory));
        directory.Register(sender, pages[2], At(0));

        Assert.Equal(["x@a", "y@a", "z@a"], Listed(directory));
    }

    [Fact]
    public void Register_PageMissing_IsAConflictAndChangesNothing()
    {
        var directory = Directory();
        var sender = Samples.Sender("a");
        directory.Hello(sender, Samples.Hello, At(0));
        var pages = Samples.List("x", "y", "z").Pages(1, pageSize: 1, t0: 0);

        directory.Register(sender, pages[0], At(0));
        var reply = directory.Register(sender, pages[2], At(0));

        Assert.Equal(InvocationError.Conflict, reply.Answer?.Code);
        Assert.Empty(Listed(directory));
    }

    [Fact]
    public void Register_WithoutHello_IsRefused()
    {
        var reply = Directory().Register(Samples.Sender("a"), Samples.Registration(Samples.List("x")), At(0));

        Assert.Equal(InvocationError.NotServing, reply.Answer?.Code);
    }

    [Fact]
    public void R6_Hello_OtherInstanceOfALivingNode_AsksForAProbe()
    {
        var directory = Directory();
        Join(directory, Samples.Sender("a", instance: 1, incarnation: 1), "x");
        var twin = Samples.Sender("a", instance: 2, incarnation: 2);

        var reply = directory.Hello(twin, Samples.Hello, At(1));

        Assert.Null(reply.Answer);
        Assert.Equal(Samples.Instance(1), reply.Probe);
        var refused = directory.HelloAfterProbe(twin, Samples.Hello, Samples.Instance(1), isAlive: true, At(2));
        Assert.Equal(InvocationError.NodeIdInUse, refused.Answer?.Code);
        Assert.Equal(["x@a"], Listed(directory));
    }

    [Fact]
    public void Hello_OldInstanceIsDead_IsAcceptedAndTheOldOneIsSuperseded()
    {
        var directory = Directory();
        var old = Samples.Sender("a", instance: 1, incarnation: 1);
        Join(directory, old, "x");
        var next = Samples.Sender("a", instance: 2, incarnation: 2);
        directory.Hello(next, Samples.Hello, At(1));

        var reply = directory.HelloAfterProbe(next, Samples.Hello, Samples.Instance(1), isAlive: false, At(2));

        Assert.Equal(InvocationError.None, reply.Answer?.Code);
        Assert.Equal(InvocationError.WrongInstance, directory.Hello(old, Samples.Hello, At(3)).Answer?.Code);
        Assert.Equal(InvocationError.WrongInstance, directory.Heartbeat(old, Beat(), At(3)).Answer?.Code);
    }

    [Fact]
    public void Hello_IncarnationNotAboveTheKnown_IsToldTheHighest()
    {
        var directory = Directory();
        Join(directory, Samples.Sender("a", instance: 1, incarnation: 7), "x");

        var reply = directory.Hello(Samples.Sender("a", instance: 2, incarnation: 7), Samples.Hello, At(1));

        Assert.Equal(InvocationError.Stale, reply.Answer?.Code);
        Assert.Equal(7UL, reply.Answer?.MaxIncarnation);
    }

    [Fact]
    public void Hello_IncarnationJumpsTooFar_IsNotAdopted()
    {
        var directory = Directory();
        Join(directory, Samples.Sender("a", instance: 1, incarnation: 7), "x");

        var reply = directory.Hello(Samples.Sender("a", instance: 2, incarnation: 8 + ProtocolLimits.MaxJump), Samples.Hello, At(1));

        Assert.Equal(InvocationError.Stale, reply.Answer?.Code);
        Assert.Equal(7UL, reply.Answer?.MaxIncarnation);
    }

    [Fact]
    public void Hello_FromAMaster_IsAConflict()
    {
        var reply = Directory().Hello(Samples.Sender("other"), Samples.Hello with { Role = NodeRole.Master }, At(0));

        Assert.Equal(InvocationError.MasterConflict, reply.Answer?.Code);
    }

    [Fact]
    public void Hello_OtherProtocol_IsUnsupported()
    {
        var reply = Directory().Hello(Samples.Sender("a"), Samples.Hello with { MinVersion = 2, MaxVersion = 3 }, At(0));

        Assert.Equal(InvocationError.VersionUnsupported, reply.Answer?.Code);
    }

    [Fact]
    public void Heartbeat_StaleEpoch_IsToldTheHighest_AndDoesNotCount()
    {
        var directory = Directory();
        Join(directory, Samples.Sender("a"), "x");
        directory.TakeOffice(5, SkillList.Empty, At(1));

        var reply = directory.Heartbeat(Samples.Sender("a", epoch: 1), Beat(), At(2));

        Assert.Equal(InvocationError.StaleEpoch, reply.Answer?.Code);
        Assert.Equal(5UL, reply.Answer?.HighestEpoch);
        Assert.Equal(["x@a"], Listed(directory));
    }

    [Fact]
    public void Heartbeat_OtherDigest_AsksForTheList_OnceASecond()
    {
        var directory = Directory();
        var sender = Samples.Sender("a");
        Join(directory, sender, "x");

        Assert.True(directory.Heartbeat(sender, Beat(), At(1)).AsksSync);
        Assert.False(directory.Heartbeat(sender, Beat(), At(1.5)).AsksSync);
        Assert.True(directory.Heartbeat(sender, Beat(), At(2.1)).AsksSync);
        Assert.False(directory.Heartbeat(sender, Beat() with { RegistrationRevision = 1, Digest = Samples.List("x").Digest }, At(4)).AsksSync);
    }

    [Fact]
    public void R4_Sweep_SilentNode_IsSuspectThenGone()
    {
        var (directory, peers) = DirectoryAndPeers();
        var sender = Samples.Sender("a");
        Join(directory, sender, "x");

        Sweep(directory, 0, 9.9);
        Assert.False(peers.Find(sender.Node)?.IsSuspect);
        Sweep(directory, 10.1, 14.9);
        Assert.True(peers.Find(sender.Node)?.IsSuspect);
        Assert.Equal(["x@a"], Listed(directory));
        Sweep(directory, 15.1, 15.2);

        Assert.Empty(Listed(directory));
        Assert.Null(peers.Find(sender.Node));
    }

    [Fact]
    public void Heartbeat_OfASuspect_MakesItAliveAgain()
    {
        var (directory, peers) = DirectoryAndPeers();
        var sender = Samples.Sender("a");
        Join(directory, sender, "x");
        Sweep(directory, 0, 12);

        directory.Heartbeat(sender, Beat(), At(12));

        Assert.False(peers.Find(sender.Node)?.IsSuspect);
        Sweep(directory, 12.1, 26.9);
        Assert.Equal(["x@a"], Listed(directory));
    }

    [Fact]
    public void R4_Sweep_JudgeItselfWasLate_AccusesNobody()
    {
        var directory = Directory();
        Join(directory, Samples.Sender("a"), "x");
        Sweep(directory, 0, 1);

        directory.Sweep(At(60), isBusUp: true);

        Assert.Equal(["x@a"], Listed(directory));
        Sweep(directory, 60.1, 74.9);
        Assert.Equal(["x@a"], Listed(directory));
        Sweep(directory, 75, 75.2);
        Assert.Empty(Listed(directory));
    }

    [Fact]
    public void R4_Sweep_BusIsDown_AgesStandStill()
    {
        var directory = Directory();
        Join(directory, Samples.Sender("a"), "x");

        Sweep(directory, 0, 100, isBusUp: false);
        Sweep(directory, 100.1, 114);

        Assert.Equal(["x@a"], Listed(directory));
    }

    [Fact]
    public void R4_Sweep_MostNodesSilentAtOnce_WaitsOneMoreInterval()
    {
        var directory = Directory();
        foreach (var node in new[] { "a", "b", "c" })
        {
            Join(directory, Samples.Sender(node), "x-" + node);
        }

        Sweep(directory, 0, 19.9);
        Assert.Equal(3, Listed(directory).Length);
        Sweep(directory, 20, 20.3);

        Assert.Empty(Listed(directory));
    }

    [Fact]
    public void Deregister_Drain_WithdrawsSkillsAtOnce_AndTheNodeStaysUntilItLeaves()
    {
        var (directory, peers) = DirectoryAndPeers();
        var sender = Samples.Sender("a");
        Join(directory, sender, "x");

        directory.Deregister(sender, new(IsDraining: true), At(1));
        Assert.Empty(Listed(directory));
        Assert.Equal(NodeState.Draining, directory.Snapshot.Nodes[1].State);
        Assert.Null(peers.Find(sender.Node));
        directory.Heartbeat(sender, Beat() with { IsDraining = true }, At(2));
        directory.Deregister(sender, new(IsDraining: false), At(3));

        Assert.Single(directory.Snapshot.Nodes);
    }

    [Fact]
    public void SameInstance_ComesBackAfterItsTtl_WithAHigherIncarnation()
    {
        var directory = Directory();
        var sender = Samples.Sender("a", incarnation: 3);
        Join(directory, sender, "x");
        Sweep(directory, 0, 16);

        Assert.Equal(InvocationError.NotServing, directory.Heartbeat(sender, Beat(), At(16)).Answer?.Code);
        Assert.Equal(3UL, directory.Hello(sender, Samples.Hello, At(16)).Answer?.MaxIncarnation);
        Join(directory, sender with { Incarnation = 4 }, 16, "x");

        Assert.Equal(["x@a"], Listed(directory));
    }

    [Fact]
    public void TakeOffice_Again_KeepsNodesAndBeginsRevisionsAnew()
    {
        var directory = Directory();
        Join(directory, Samples.Sender("a"), "x");

        directory.TakeOffice(9, SkillList.Empty, At(1));

        Assert.Equal(new RegistryVersion(9, 1), directory.Snapshot.Version);
        Assert.Equal(["x@a"], Listed(directory));
    }

    /// <summary>Any mixture of repeats and old messages, in any order, leaves the registry that the newest ones describe.</summary>
    [Fact]
    public void R2_R3_AnyOrderWithRepeats_EndsInTheSameRegistry()
    {
        // Each node: lists of growing revision. Messages: any of them, any number of times; then each node's newest once more.
        var message = Gen.Select(Gen.Int[0, 2], Gen.Int[1, 4]);
        message.List[0, 60].Sample(
            mixture =>
            {
                var directory = Directory();
                foreach (var node in Enumerable.Range(0, 3))
                {
                    directory.Hello(Sender(node), Samples.Hello, At(0));
                }

                foreach (var (node, revision) in mixture.Concat(Enumerable.Range(0, 3).Select(node => (node, 4))))
                {
                    var before = (directory.Copy.Version, Newest: NewestOf(directory, node));
                    directory.Register(Sender(node), Samples.Registration(ListOf(node, revision), (ulong)revision), At(1));

                    // an older or repeated one changes nothing at all.
                    if (before.Newest >= revision && directory.Copy.Version != before.Version)
                    {
                        return false;
                    }
                }

                return Listed(directory).SequenceEqual(["n0-4@n0", "n1-4@n1", "n2-4@n2"]);
            },
            iter: 2000);

        static Sender Sender(int node) => Samples.Sender($"n{node}", instance: node + 1);
        static SkillList ListOf(int node, int revision) => Samples.List($"n{node}-{revision}");
        static int NewestOf(NodeDirectory directory, int node) =>
            directory.Snapshot.Entries.Where(entry => entry.Node.Value == $"n{node}").Select(entry => entry.Skill.Id.Value[^1] - '0').FirstOrDefault();
    }

    /// <summary>No message of a superseded process or an older incarnation changes anything.</summary>
    [Fact]
    public void R2_MessagesOfOlderIncarnations_NeverChangeTheRegistry()
    {
        var kinds = Gen.Select(Gen.Int[0, 4], Gen.Int[1, 2], Gen.ULong[0, 9]);
        kinds.List[1, 30].Sample(
            messages =>
            {
                var directory = Directory();
                var old = Samples.Sender("a", instance: 1, incarnation: 5);
                Join(directory, old, "old");
                var current = Samples.Sender("a", instance: 3, incarnation: 10);
                directory.HelloAfterProbe(current, Samples.Hello, Samples.Instance(1), isAlive: false, At(1));
                directory.Register(current, Samples.Registration(Samples.List("new")), At(1));
                var version = directory.Copy.Version;
                foreach (var (kind, instance, incarnation) in messages)
                {
                    var sender = Samples.Sender("a", instance, incarnation);
                    _ = kind switch
                    {
                        0 => directory.Hello(sender, Samples.Hello, At(2)),
                        1 => directory.Register(sender, Samples.Registration(Samples.List("old"), 99), At(2)),
                        2 => directory.Heartbeat(sender, Beat() with { IsDraining = true }, At(2)),
                        3 => directory.Deregister(sender, new(IsDraining: true), At(2)),
                        _ => directory.Deregister(sender, new(IsDraining: false), At(2)),
                    };
                }

                return directory.Copy.Version == version && Listed(directory).SequenceEqual(["new@a"]);
            },
            iter: 2000);
    }

    /// <summary>Slaves that apply the deltas in order hold what the master holds.</summary>
    [Fact]
    public void Deltas_AppliedInOrder_GiveTheMastersRegistry()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool).List[1, 40].Sample(
            steps =>
            {
                var directory = Directory();
                var copy = directory.Copy;
                ulong revision = 0;
                foreach (var (node, skill, leaves) in steps)
                {
                    var sender = Samples.Sender($"n{node}", instance: node + 1, incarnation: ++revision);
                    if (leaves)
                    {
                        var known = directory.Snapshot.Nodes.FirstOrDefault(item => item.Id == sender.Node);
                        directory.Deregister(sender with { Incarnation = known?.Incarnation ?? 0 }, new(IsDraining: false), At(1));
                    }
                    else
                    {
                        directory.Hello(sender, Samples.Hello, At(1));
                        directory.Register(sender, Samples.Registration(Samples.List($"s{skill}"), revision), At(1));
                    }

                    if (directory.Copy.Version != copy.Version)
                    {
                        copy = copy.Apply(directory.Copy.Since(copy)) ?? throw new InvalidOperationException("the delta does not follow");
                    }
                }

                return copy.Digest == directory.Copy.Digest && copy.Nodes.SequenceEqual(directory.Copy.Nodes);
            },
            iter: 1000);
    }

    internal static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Offer_OtherSkillsOfTheMaster_IsANewRevisionOnce()
    {
        var directory = Directory();
        Join(directory, Samples.Sender("a"), "x");
        var before = directory.Copy.Version;

        directory.Offer(Samples.List("own"), At(1));
        directory.Offer(Samples.List("own"), At(2));

        Assert.Equal(["own@master", "x@a"], Listed(directory));
        Assert.Equal(before with { Revision = before.Revision + 1 }, directory.Copy.Version);
    }

    private static NodeDirectory Directory() => DirectoryAndPeers().Directory;

    private static (NodeDirectory Directory, PeerTable Peers) DirectoryAndPeers()
    {
        var peers = new PeerTable();
        var self = new Node(new("master"), NodeRole.Master, NodeState.Alive, 1, Samples.Instance(100));
        var directory = new NodeDirectory(self, new(s_interval, s_ttl), peers, new(self.Id, s_ttl));
        directory.TakeOffice(1, SkillList.Empty, At(0));
        return (directory, peers);
    }

    private static void Join(NodeDirectory directory, Sender sender, params string[] skills) => Join(directory, sender, 0, skills);

    private static void Join(NodeDirectory directory, Sender sender, double at, params string[] skills)
    {
        Assert.Equal(InvocationError.None, directory.Hello(sender, Samples.Hello, At(at)).Answer?.Code);
        Assert.Equal(InvocationError.None, directory.Register(sender, Samples.Registration(Samples.List(skills)), At(at)).Answer?.Code);
    }

    private static void Sweep(NodeDirectory directory, double from, double to, bool isBusUp = true)
    {
        for (var at = from; at <= to; at += 0.1)
        {
            directory.Sweep(At(at), isBusUp);
        }
    }

    private static HeartbeatMessage Beat() => new(false, 0, default, 0, 0, 64, 0);

    private static string[] Listed(NodeDirectory directory) => [.. directory.Snapshot.Entries.Select(entry => $"{entry.Skill.Id}@{entry.Node}")];
}
