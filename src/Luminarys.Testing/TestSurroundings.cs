using Luminarys.Cluster.Loopback;
using Microsoft.Extensions.Logging;

namespace Luminarys.Testing;

/// <summary>What the nodes of a test cluster have in common.</summary>
/// <param name="Hub">Their bus.</param>
/// <param name="Time">Their clock.</param>
/// <param name="Loggers">Their log.</param>
/// <param name="Folder">Where they keep their numbers.</param>
internal sealed record TestSurroundings(LoopbackHub Hub, TimeProvider Time, ILoggerFactory Loggers, string Folder)
{
    /// <summary>Whether time passes in the test only, so that nodes can have the intervals of production.</summary>
    public bool IsVirtual => Time is VirtualTime;
}
