using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Slave;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Tests.Slave;

public sealed class CallLedgerTests
{
    [Fact]
    public void C2_TrySpend_NumberSpentBefore_IsRefusedForEachMasterByItself()
    {
        var ledger = new CallLedger();
        var (first, second) = (Master(1), Master(2));

        Assert.True(ledger.TrySpend(first, 7));
        Assert.False(ledger.TrySpend(first, 7));
        Assert.True(ledger.TrySpend(second, 7));
    }

    [Fact]
    public void C2_Settle_EveryNumberUpToIt_IsSpent()
    {
        var ledger = new CallLedger();
        var master = Master(1);
        Assert.True(ledger.TrySpend(master, 5));

        ledger.Settle(master, 4);

        Assert.False(ledger.TrySpend(master, 3));
        Assert.True(ledger.TrySpend(master, 6));
    }

    // A master's first call of all may be the one that waited somewhere until its caller had given up.
    [Fact]
    public void C2_Settle_BeforeAnyCallOfTheMaster_IsRememberedAsWell()
    {
        var ledger = new CallLedger();
        var master = Master(1);

        ledger.Settle(master, 1);

        Assert.False(ledger.TrySpend(master, 1));
        Assert.True(ledger.TrySpend(master, 2));
    }

    [Fact]
    public void TrySpend_MoreMastersThanItRemembers_StillServesTheNewestAndForgetsTheOldest()
    {
        var ledger = new CallLedger();
        var masters = Enumerable.Range(1, 200).Select(epoch => Master((ulong)epoch)).ToList();

        Assert.All(masters, master => Assert.True(ledger.TrySpend(master, 1)));

        Assert.False(ledger.TrySpend(masters[^1], 1));
        Assert.True(ledger.TrySpend(masters[0], 1));
    }

    private static Sender Master(ulong epoch) => new(new NodeId("master"), 1, InstanceId.New(), epoch);
}
