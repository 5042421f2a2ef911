using Luminarys.Invocations;

namespace Luminarys.Cluster;

/// <summary>Why a node could not start, or must stop.</summary>
/// <param name="Error">
/// <see cref="InvocationError.BusDown"/> or <see cref="InvocationError.BusDenied"/> when the bus could not be reached at start,
/// <see cref="InvocationError.NodeIdInUse"/> or <see cref="InvocationError.MasterConflict"/> when another living process holds the place,
/// <see cref="InvocationError.Internal"/> when the state directory cannot be used.
/// </param>
/// <param name="Message">What happened and what to do, for the operator. Free of secrets.</param>
public sealed record NodeFault(InvocationError Error, string Message);
