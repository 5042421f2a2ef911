using System.Diagnostics;

namespace Luminarys.E2E;

/// <summary>Polls to a deadline: what a test of real processes has instead of a clock that it could advance.</summary>
internal static class Eventually
{
    /// <summary>
    /// Answers how long it took until the condition held; fails with <paramref name="what"/> after the limit. A server that does not answer
    /// HTTP yet counts as a condition that does not hold yet.
    /// </summary>
    public static async Task<TimeSpan> HoldsAsync(string what, TimeSpan limit, Func<Task<bool>> condition, Func<string>? details = null)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await HoldsNowAsync(condition))
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                Assert.Fail($"{what}: not within {limit.TotalSeconds} s.\n{details?.Invoke()}");
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<bool> HoldsNowAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
