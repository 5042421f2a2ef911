using Luminarys.Nodes;

namespace Luminarys.Events;

/// <summary>A node left, or was silent for its time to live.</summary>
/// <param name="Node">The node as it was last seen.</param>
public sealed record NodeLost(Node Node) : IDomainEvent;
