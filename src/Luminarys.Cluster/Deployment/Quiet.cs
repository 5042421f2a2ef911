using Luminarys.Invocations;

namespace Luminarys.Cluster.Deployment;

/// <summary>Waits until a node that stops has nothing more to do.</summary>
internal static class Quiet
{
    private const int Looks = 4;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Waits until nothing has run for a while, or the limit has passed, or the token is cancelled. Nothing is waited for when nothing runs now. One
    /// look is not enough: a skill calls others after it has answered, so that for a moment nothing runs in the middle of a chain.
    /// </summary>
    public static async ValueTask WaitAsync(Func<int> running, Deadline limit, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var quiet = running() == 0 ? Looks : 0; quiet < Looks && !limit.HasPassed(time) && !cancellationToken.IsCancellationRequested;)
        {
            await Task.Delay(s_tick, time, CancellationToken.None).ConfigureAwait(false);
            quiet = running() == 0 ? quiet + 1 : 0;
        }
    }
}
