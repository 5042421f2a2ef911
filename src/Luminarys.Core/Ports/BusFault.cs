using Luminarys.Invocations;

namespace Luminarys.Ports;

/// <summary>Why the bus could not be connected.</summary>
/// <param name="Error"><see cref="InvocationError.BusDown"/> or <see cref="InvocationError.BusDenied"/>.</param>
/// <param name="Message">Where and what to do, without secrets.</param>
public sealed record BusFault(InvocationError Error, string Message);
