using Luminarys.Cluster;
using Luminarys.Invocations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Luminarys.Hosting;

internal static class NodeLifetime
{
    /// <summary>Stops the application once the node says that it must not go on.</summary>
    public static async Task StopWhenFaultedAsync(Task<NodeFault> faulted, IHostApplicationLifetime lifetime, ILogger logger)
    {
        var fault = await faulted.ConfigureAwait(false);
        Log.NodeFaulted(logger, fault.Error.ToCode(), fault.Message);
        lifetime.StopApplication();
    }
}
