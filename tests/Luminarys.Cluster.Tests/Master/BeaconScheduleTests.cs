using Luminarys.Cluster.Master;

namespace Luminarys.Cluster.Tests.Master;

public sealed class BeaconScheduleTests
{
    [Fact]
    public void TryTake_AfterTakingOffice_ThreeSoonThenASteadyPace()
    {
        var schedule = new BeaconSchedule(TimeSpan.FromSeconds(5));
        Assert.False(schedule.TryTake(TimeSpan.FromSeconds(1), out _));
        schedule.Restart(TimeSpan.FromSeconds(10));
        var sent = new List<(double At, bool IsOnline)>();

        for (var at = 10.0; at < 25; at += 0.5)
        {
            if (schedule.TryTake(TimeSpan.FromSeconds(at), out var isOnline))
            {
                sent.Add((at - 10, isOnline));
            }
        }

        Assert.Equal([(0, true), (1, true), (3, true), (8, false), (13, false)], sent);
    }
}
