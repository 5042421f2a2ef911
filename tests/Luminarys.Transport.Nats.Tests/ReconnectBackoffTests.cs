namespace Luminarys.Transport.Nats.Tests;

public sealed class ReconnectBackoffTests
{
    [Fact]
    public void Next_Failures_StaysBelowADoublingCeilingAndUsesAllOfIt()
    {
        var longest = new double[8];
        for (var round = 0; round < 400; round++)
        {
            var backoff = new ReconnectBackoff();
            for (var attempt = 0; attempt < longest.Length; attempt++)
            {
                longest[attempt] = Math.Max(longest[attempt], backoff.Next(wasDenied: false).TotalMilliseconds);
            }
        }

        double[] ceilings = [250, 500, 1000, 2000, 4000, 5000, 5000, 5000];
        Assert.All(ceilings.Zip(longest), pair => Assert.InRange(pair.Second, pair.First * 0.9, pair.First));
    }

    [Fact]
    public void Next_Denied_IsHalfAMinute() => Assert.Equal(TimeSpan.FromSeconds(30), new ReconnectBackoff().Next(wasDenied: true));

    [Fact]
    public void Reset_AfterFailures_BeginsAnew()
    {
        var backoff = new ReconnectBackoff();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            backoff.Next(wasDenied: false);
        }

        backoff.Reset();

        Assert.InRange(backoff.Next(wasDenied: false), TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
    }
}
