using Luminarys.Cluster.Master;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;

namespace Luminarys.Cluster.Tests.Master;

public sealed class NodeLoadsTests
{
    private static readonly NodeId s_owner = new("a");
    private readonly PeerTable _peers = new();
    private readonly NodeLoads _loads;

    public NodeLoadsTests()
    {
        _loads = new(_peers, new("master"));
        foreach (var node in new[] { "a", "b", "c" })
        {
            SetPeer(node, isSuspect: false);
        }
    }

    [Fact]
    public void Choose_NobodyBusy_IsTheOwner() => Assert.Equal("a", Choose(("b", Samples.One)));

    [Fact]
    public void Choose_OwnerBusy_IsTheOneWithLeastToDo()
    {
        _loads.Begin(s_owner);
        _loads.Begin(new("b"));

        Assert.Equal("c", Choose(("b", Samples.One), ("c", Samples.One)));

        _loads.Begin(new("c"));
        _loads.End(s_owner);
        Assert.Equal("a", Choose(("b", Samples.One), ("c", Samples.One)));
    }

    [Fact]
    public void Choose_OtherPackage_IsNeverTaken()
    {
        _loads.Begin(s_owner);

        Assert.Equal("a", Choose(("b", Samples.Two)));
    }

    [Fact]
    public void Choose_SuspectOrGone_IsPassedOver()
    {
        SetPeer("a", isSuspect: true);
        _peers.Remove(new("b"));
        _loads.Begin(new("c"));

        Assert.Equal("c", Choose(("b", Samples.One), ("c", Samples.One)));
    }

    [Fact]
    public void Choose_TheMasterItself_IsALikelyPlaceToo()
    {
        _loads.Begin(s_owner);

        Assert.Equal("master", Choose(("master", Samples.One)));
    }

    [Fact]
    public void Choose_Always_AllocatesNothing()
    {
        var (registry, owner) = Registry(("b", Samples.One), ("c", Samples.One));
        _loads.Begin(s_owner);
        _loads.Choose(registry, owner);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            _loads.Choose(registry, owner);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private string Choose(params (string Node, PackageDigest Digest)[] replicas)
    {
        var (registry, owner) = Registry(replicas);
        return _loads.Choose(registry, owner).Node.Value;
    }

    private static (RegistrySnapshot Registry, RegistryEntry Owner) Registry(params (string Node, PackageDigest Digest)[] replicas)
    {
        var owner = new RegistryEntry(Samples.Skill("s", Samples.One), s_owner);
        var others = replicas.Select(replica => new RegistryEntry(Samples.Skill("s", replica.Digest), new(replica.Node)));
        return (new(new(1, 1), [], [owner], others), owner);
    }

    private void SetPeer(string node, bool isSuspect) => _peers.Set(new(new(node), Samples.Instance(1), isSuspect, 0, TimeSpan.Zero));
}
