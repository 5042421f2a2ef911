using Luminarys.Ports;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;

namespace Luminarys.Mcp.Tools;

/// <summary>Reports to clients that asked for the progress of a call. Thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is said that a client could not be told.</param>
/// <param name="transfers">Knows the files of calls; null on a node without a cluster.</param>
internal sealed class ProgressReports(TimeProvider time, ILogger<ProgressReports> logger, ITransferWatch? transfers = null)
{
    /// <summary>Begins to report on a call. The caller disposes of it before it answers: no report may follow the result.</summary>
    /// <param name="send">Sends a report to the client.</param>
    public ClientProgress Begin(Func<ProgressNotificationValue, Task> send) => new(send, time, logger) { Transfers = transfers };
}
