using System.Net;
using System.Threading.RateLimiting;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Counts requests without a valid token for each address. Above the limit they are told to wait, and cost no more than that; a request with a valid
/// token is served all the same, so that nobody can lock out the others who share his address. Thread-safe.
/// </summary>
internal sealed class FailedTokens : IDisposable
{
    /// <summary>Requests without a valid token that an address has each minute.</summary>
    public const int Limit = 10;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetFixedWindowLimiter(address, static _ => new() { PermitLimit = Limit, Window = s_window, QueueLimit = 0 }));

    /// <summary>Counts one; false, and how long to wait, when it is one too many.</summary>
    public bool TryCount(IPAddress? address, out TimeSpan wait)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : s_window;
        return lease.IsAcquired;
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
