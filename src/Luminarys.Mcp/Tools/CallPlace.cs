using System.Threading.RateLimiting;

namespace Luminarys.Mcp.Tools;

/// <summary>A place that a call has while it runs, to be given back once; or the reason why it has none.</summary>
internal readonly struct CallPlace : IDisposable
{
    private readonly RateLimitLease? _own;
    private readonly RateLimitLease? _any;

    public CallPlace(RateLimitLease? own, RateLimitLease any) => (_own, _any) = (own, any);

    public CallPlace(string refusal) => Refusal = refusal;

    /// <summary>Why there is none; null when there is one.</summary>
    public string? Refusal { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _any?.Dispose();
        _own?.Dispose();
    }
}
