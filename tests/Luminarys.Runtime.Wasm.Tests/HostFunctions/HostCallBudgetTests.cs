using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Runtime.Wasm.HostFunctions;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

public sealed class HostCallBudgetTests
{
    [Fact]
    public void Take_BurstIsUsedUp_WaitsAndIsRefilledByTime()
    {
        var clock = new ManualClock();
        using var interruption = new Interruption(clock, CancellationToken.None);
        var budget = new HostCallBudget(clock);
        // A cancelled call cannot wait: an exception shows that it would have had to.
        interruption.Arm(long.MaxValue, new CancellationToken(true));

        Take(budget, interruption, 5000);
        Assert.Throws<GuestFaultException>(() => budget.Take(interruption));
        clock.Advance(TimeSpan.FromSeconds(2));
        Take(budget, interruption, 1999);
        var fault = Assert.Throws<GuestFaultException>(() => budget.Take(interruption)).Fault;

        Assert.Equal(InvocationError.Cancelled, fault.Error);
    }

    private static void Take(HostCallBudget budget, Interruption interruption, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            budget.Take(interruption);
        }
    }
}
