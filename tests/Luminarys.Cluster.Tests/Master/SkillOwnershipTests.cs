using System.Collections.Immutable;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Events;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Cluster.Tests.Master;

public sealed class SkillOwnershipTests
{
    private static readonly NodeId s_master = new("master");
    private static readonly TimeSpan s_reservation = TimeSpan.FromSeconds(15);

    [Fact]
    public void R7_MastersOwnSkill_AlwaysOwnsItsName()
    {
        var ownership = new SkillOwnership(s_master, s_reservation);

        Assert.Equal("a", Owner(ownership, 0, Offer("a", 1, Samples.One)));
        Assert.Equal("master", Owner(ownership, 0, Offer("a", 1, Samples.One), Offer("master", 0, Samples.Two)));
    }

    [Fact]
    public void R7_LaterRegistrant_IsAReplica_WhateverItsName()
    {
        var ownership = new SkillOwnership(s_master, s_reservation);

        Assert.Equal("b", Owner(ownership, 0, Offer("b", 1, Samples.One)));
        Assert.Equal("b", Owner(ownership, 0, Offer("a", 2, Samples.One), Offer("b", 1, Samples.One)));

        // Registering again does not cost the owner its place.
        Assert.Equal("b", Owner(ownership, 0, Offer("a", 2, Samples.One), Offer("b", 3, Samples.Two)));
    }

    [Fact]
    public void OwnerGone_ReplicaWithTheSamePackage_TakesOver()
    {
        var ownership = new SkillOwnership(s_master, s_reservation);
        Owner(ownership, 0, Offer("a", 1, Samples.One), Offer("b", 2, Samples.Two), Offer("c", 3, Samples.One));

        Assert.Equal("c", Owner(ownership, 1, Offer("b", 2, Samples.Two), Offer("c", 3, Samples.One)));

        // And keeps the name when the first owner is back.
        Assert.Equal("c", Owner(ownership, 2, Offer("a", 4, Samples.One), Offer("b", 2, Samples.Two), Offer("c", 3, Samples.One)));
    }

    [Fact]
    public void OwnerGone_ReplicaWithAnotherPackage_DoesNotTakeOver_UntilItRegistersAnew()
    {
        var ownership = new SkillOwnership(s_master, s_reservation);
        Owner(ownership, 0, Offer("a", 1, Samples.One), Offer("b", 2, Samples.Two));

        Assert.Null(Owner(ownership, 1, Offer("b", 2, Samples.Two)));
        Assert.Equal("b", Owner(ownership, 2, Offer("b", 3, Samples.Two)));
    }

    [Fact]
    public void Restored_RecordedOwnerHasPrecedence_ForOneReservation()
    {
        var ownership = new SkillOwnership(s_master, s_reservation);
        Owner(ownership, 0, Offer("a", 1, Samples.One), Offer("b", 2, Samples.One));
        var restarted = new SkillOwnership(s_master, s_reservation);
        restarted.Restore(ownership.Format());

        Assert.Null(Owner(restarted, 1, Offer("b", 1, Samples.One)));
        Assert.Equal("a", Owner(restarted, 2, Offer("b", 1, Samples.One), Offer("a", 2, Samples.One)));

        var withoutOwner = new SkillOwnership(s_master, s_reservation);
        withoutOwner.Restore(ownership.Format());
        Assert.Null(Owner(withoutOwner, 100, Offer("b", 1, Samples.One)));
        Assert.Null(Owner(withoutOwner, 114, Offer("b", 1, Samples.One)));
        Assert.Equal("b", Owner(withoutOwner, 115, Offer("b", 1, Samples.One)));
    }

    [Fact]
    public void Restored_RecordOfTheMasterItself_BlocksNobody()
    {
        var ownership = new SkillOwnership(s_master, s_reservation);
        ownership.Restore($"s master {Samples.One}\n");

        Assert.Equal("b", Owner(ownership, 0, Offer("b", 1, Samples.Two)));
    }

    [Fact]
    public void Restore_LinesThatAreNone_AreLeftOut()
    {
        var ownership = new SkillOwnership(s_master, s_reservation);

        ownership.Restore("\nnonsense\nx y\n. . .\nskill node digest\n");

        Assert.Equal("skill node digest\n", ownership.Format());
    }

    [Fact]
    public void Version_OnlyGrowsWhenAnOwnerChanges()
    {
        var ownership = new SkillOwnership(s_master, s_reservation);
        Owner(ownership, 0, Offer("a", 1, Samples.One));
        var version = ownership.Version;

        Owner(ownership, 1, Offer("a", 1, Samples.One), Offer("b", 2, Samples.One));
        Assert.Equal(version, ownership.Version);
        Owner(ownership, 2, Offer("b", 2, Samples.One));

        Assert.NotEqual(version, ownership.Version);
    }

    [Fact]
    public void OwnedId_WithAnotherPackage_IsReportedAndStaysAReplica()
    {
        var decision = Resolve(new(s_master, s_reservation), Offer("a", 1, Samples.One), Offer("b", 2, Samples.Two), Offer("c", 3, Samples.One));

        Assert.Equal(["b", "c"], decision.Replicas.Select(replica => replica.Node.Value));
        Assert.Equal(new(new("b"), new("s"), Samples.Two, SkillRefusal.OtherPackage, new NodeId("a")), Assert.Single(decision.Refused));
    }

    [Fact]
    public void R7_MastersOwnSkill_AnotherPackageElsewhereIsReported()
    {
        var ownership = new SkillOwnership(s_master, s_reservation);
        Resolve(ownership, Offer("b", 1, Samples.Two));

        var decision = Resolve(ownership, Offer("b", 1, Samples.Two), Offer("master", 0, Samples.One));

        Assert.Equal("master", decision.Owners[new("s")].Node.Value);
        Assert.Equal((SkillRefusal.OtherPackage, s_master), (decision.Refused[0].Reason, decision.Refused[0].Owner));
    }

    [Fact]
    public void Error_SecondOffer_IsRefusedUntilItIsMadeAnewAfterTheOwnerHasGone()
    {
        var ownership = new SkillOwnership(s_master, s_reservation, Rules(DuplicateRule.Error));

        var decision = Resolve(ownership, Offer("a", 1, Samples.One), Offer("b", 2, Samples.One));
        Assert.Equal(("b", SkillRefusal.Duplicate), (Assert.Single(decision.Refused).Node.Value, decision.Refused[0].Reason));
        Assert.Empty(decision.Replicas);

        Assert.Null(Owner(ownership, 1, Offer("b", 2, Samples.One)));
        Assert.Equal("b", Owner(ownership, 2, Offer("b", 3, Samples.One)));
    }

    [Fact]
    public void Error_AfterARestart_TheOnlyNodeTakesTheNameOfOneThatIsGone()
    {
        var ownership = new SkillOwnership(s_master, s_reservation, Rules(DuplicateRule.Error));
        ownership.Restore($"s a {Samples.One}\n");

        Assert.Null(Owner(ownership, 0, Offer("b", 1, Samples.One)));
        Assert.Equal("b", Owner(ownership, 16, Offer("b", 1, Samples.One)));
    }

    [Fact]
    public void NotAccepted_Offer_IsNoCandidate_ButTheMastersOwnIs()
    {
        var rules = Rules(DuplicateRule.StickyFailover, ("b", ["other"]), ("master", []));
        var ownership = new SkillOwnership(s_master, s_reservation, rules);

        Assert.Equal("c", Owner(ownership, 0, Offer("b", 1, Samples.One), Offer("c", 2, Samples.One)));
        Assert.Equal("master", Owner(ownership, 1, Offer("b", 1, Samples.One), Offer("master", 0, Samples.One)));
        Assert.Contains(Resolve(ownership, Offer("b", 1, Samples.One)).Refused, refused => refused.Reason == SkillRefusal.NotAccepted);
    }

    [Fact]
    public void OwnerPrecedence_Off_ANewcomerTakesTheNameOfALivingNode()
    {
        var ownership = new SkillOwnership(s_master, s_reservation, defences: new() { OwnerPrecedence = false });
        Owner(ownership, 0, Offer("a", 1, Samples.One));

        Assert.Equal("b", Owner(ownership, 1, Offer("a", 1, Samples.One), Offer("b", 2, Samples.Two)));
    }

    [Fact]
    public void EqualDigests_Off_AReplicaWithAnotherPackageTakesOver()
    {
        var ownership = new SkillOwnership(s_master, s_reservation, defences: new() { EqualDigests = false });
        Owner(ownership, 0, Offer("a", 1, Samples.One), Offer("b", 2, Samples.Two));

        Assert.Equal("b", Owner(ownership, 1, Offer("b", 2, Samples.Two)));
    }

    private static NameRules Rules(DuplicateRule duplicates, params (string Node, string[] Patterns)[] accept) =>
        new(duplicates, accept.ToDictionary(entry => new NodeId(entry.Node), entry => ImmutableArray.Create(entry.Patterns)), needsSigner: false);

    private static OwnershipDecision Resolve(SkillOwnership ownership, params SkillCandidate[] offers) =>
        ownership.Resolve(offers, offers.Max(offer => offer.Order), TimeSpan.Zero);

    private static SkillCandidate Offer(string node, long order, PackageDigest digest) => new(new(node), Samples.Skill("s", digest), order);

    private static string? Owner(SkillOwnership ownership, double at, params SkillCandidate[] offers) =>
        ownership.Resolve(offers, offers.Max(offer => offer.Order), TimeSpan.FromSeconds(at)).Owners.TryGetValue(new("s"), out var owner)
            ? owner.Node.Value
            : null;
}
