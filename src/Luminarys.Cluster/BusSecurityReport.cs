using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster;

/// <summary>Says at start how far the bus protects the nodes.</summary>
internal static class BusSecurityReport
{
    public static void Report(this BusSecurityLevel level, ILogger logger)
    {
        if (level == BusSecurityLevel.None)
        {
            Log.BusOpen(logger, "whoever reaches the bus may read every message and pose as any node");
            return;
        }

        Log.BusSecured(logger, level switch
        {
            BusSecurityLevel.SharedCredential => "L0: one credential for all nodes; whoever holds it may read every message and pose as any node",
            BusSecurityLevel.NodeUsers => "L1: a bus user for each node; whoever runs the bus server may still read and forge",
            _ => "L2: messages signed with node keys; whoever runs the bus server may delay and drop them",
        });
    }
}
