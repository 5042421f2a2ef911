using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>Where a call came from.</summary>
/// <param name="Master">The master's process that sent it.</param>
/// <param name="Number">Its number between the two processes.</param>
/// <param name="BegunAt">When it came, on the node's clock.</param>
/// <param name="Claim">Stands for arguments that are still to come, or null.</param>
internal readonly record struct CallPlace(InstanceId Master, ulong Number, TimeSpan BegunAt, PayloadClaim? Claim);
