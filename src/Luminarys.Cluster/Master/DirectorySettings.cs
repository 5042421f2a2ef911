namespace Luminarys.Cluster.Master;

/// <summary>Times of the node directory.</summary>
/// <param name="HeartbeatInterval">Time between two heartbeats of a node.</param>
/// <param name="NodeTtl">A node that is silent for this long is gone.</param>
internal sealed record DirectorySettings(TimeSpan HeartbeatInterval, TimeSpan NodeTtl);
