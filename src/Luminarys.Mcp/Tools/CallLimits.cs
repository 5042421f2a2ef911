using System.Threading.RateLimiting;
using Luminarys.Invocations;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// How many calls of clients run at once: of all, and of each principal; and how many of a principal begin in a minute. The rest wait their turn, or
/// are refused when too many wait. Thread-safe.
/// </summary>
internal sealed class CallLimits : IDisposable
{
    private readonly ConcurrencyLimiter _all;
    private readonly PartitionedRateLimiter<string> _running;
    private readonly PartitionedRateLimiter<string>? _rate;

    public CallLimits(IOptions<McpEdgeOptions> options, TimeProvider time)
    {
        var edge = options.Value;
        (Time, Duration) = (time, edge.InvokeTimeout);
        _all = new(Places(edge.MaxConcurrentCalls, edge.MaxWaitingCalls));
        _running = PartitionedRateLimiter.Create<string, string>(
            principal => RateLimitPartition.GetConcurrencyLimiter(principal, _ => Places(edge.MaxConcurrentCallsPerPrincipal, edge.MaxWaitingCalls)));
        _rate = edge.MaxCallsPerMinute is not { } calls ? null : PartitionedRateLimiter.Create<string, string>(
            principal => RateLimitPartition.GetTokenBucketLimiter(principal, _ => new()
            {
                TokenLimit = calls,
                TokensPerPeriod = Math.Max(1, calls / 60),
                ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, 60.0 / calls)),
                QueueLimit = 0,
            }));
    }

    /// <summary>The clock of calls.</summary>
    public TimeProvider Time { get; }

    /// <summary>How long one call may take.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Waits for a place; answers how to give it back, or why there is none.</summary>
    /// <param name="principal">Who calls; empty for nobody in particular, who shares the places of all.</param>
    /// <param name="deadline">When the call must have ended, waiting included.</param>
    /// <param name="cancellationToken">The client's.</param>
    public async ValueTask<CallPlace> EnterAsync(string principal, Deadline deadline, CancellationToken cancellationToken)
    {
        if (principal.Length > 0 && _rate is not null)
        {
            using var begun = _rate.AttemptAcquire(principal);
            if (!begun.IsAcquired)
            {
                return new("too many calls of this client began within the last minute");
            }
        }

        var own = principal.Length == 0 ? null : _running.AttemptAcquire(principal);
        var any = own is { IsAcquired: false } ? null : _all.AttemptAcquire();
        return any is { IsAcquired: true } ? new(own, any) : await WaitAsync(principal, own, deadline, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _all.Dispose();
        _running.Dispose();
        _rate?.Dispose();
    }

    private async ValueTask<CallPlace> WaitAsync(string principal, RateLimitLease? own, Deadline deadline, CancellationToken cancellationToken)
    {
        var left = deadline.Remaining(Time);
        using var late = new CancellationTokenSource(left == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : left, Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            if (own is { IsAcquired: false })
            {
                own.Dispose();
                own = await _running.AcquireAsync(principal, 1, end.Token).ConfigureAwait(false);
            }

            var any = own is { IsAcquired: false } ? null : await _all.AcquireAsync(1, end.Token).ConfigureAwait(false);
            if (any is { IsAcquired: true })
            {
                return new(own, any);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            own?.Dispose();
            return new("no place became free before the call's deadline");
        }
        catch (OperationCanceledException)
        {
            own?.Dispose();
            throw;
        }

        own?.Dispose();
        return new("too many calls wait already");
    }

    private static ConcurrencyLimiterOptions Places(int running, int waiting) =>
        new() { PermitLimit = running, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };
}
