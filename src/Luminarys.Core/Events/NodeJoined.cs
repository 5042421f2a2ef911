using Luminarys.Nodes;

namespace Luminarys.Events;

/// <summary>A node registered and serves.</summary>
/// <param name="Node">The node.</param>
public sealed record NodeJoined(Node Node) : IDomainEvent;
