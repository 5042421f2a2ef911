using System.Threading.RateLimiting;
using Luminarys.Registry;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// Tells sessions that the tool list changed. The SDK announces changes of its own tool collection to every open session; this collection
/// holds none of our tools and only lends us that announcement, raised when what a client sees has changed, at most once in 250 ms.
/// </summary>
internal sealed class ToolListSignal : McpServerPrimitiveCollection<McpServerTool>, IDisposable
{
    /// <summary>Streams of one principal on which it waits for changes, at most. Where everybody is let in, everybody is one.</summary>
    public const int MaxStreams = 64;

    private static readonly TimeSpan s_quietTime = TimeSpan.FromMilliseconds(250);

    private readonly SkillRegistry _registry;
    private readonly ToolCatalog _catalog;
    private readonly ILogger<ToolListSignal> _logger;
    private readonly ITimer _timer;
    private readonly PartitionedRateLimiter<string> _streams = PartitionedRateLimiter.Create<string, string>(
        principal => RateLimitPartition.GetConcurrencyLimiter(principal, _ => new() { PermitLimit = MaxStreams }));
    private string _announced;
    private int _isPending;

    public ToolListSignal(SkillRegistry registry, ToolCatalog catalog, TimeProvider time, ILogger<ToolListSignal> logger)
    {
        _registry = registry;
        _catalog = catalog;
        _logger = logger;
        _announced = catalog.Current.Digest;
        _timer = time.CreateTimer(_ => Announce(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registry.Changed += OnRegistryChanged;
    }

    /// <summary>Takes one of the principal's places for streams, if there is one; whoever disposes of it gives it back.</summary>
    public RateLimitLease EnterStream(string principal) => _streams.AttemptAcquire(principal);

    /// <inheritdoc/>
    public void Dispose()
    {
        _registry.Changed -= OnRegistryChanged;
        _timer.Dispose();
        _streams.Dispose();
    }

    private void OnRegistryChanged()
    {
        if (Interlocked.Exchange(ref _isPending, 1) == 0)
        {
            _timer.Change(s_quietTime, Timeout.InfiniteTimeSpan);
        }
    }

    private void Announce()
    {
        // First the flag, then the list: a change that comes in between arms the timer again.
        Volatile.Write(ref _isPending, 0);
        var tools = _catalog.Current;
        if (Interlocked.Exchange(ref _announced, tools.Digest) != tools.Digest)
        {
            _logger.ToolListChanged(tools.Count, tools.Digest);
            RaiseChanged();
        }
    }
}
