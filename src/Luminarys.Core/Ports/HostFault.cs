using Luminarys.Invocations;

namespace Luminarys.Ports;

/// <summary>Why the node did not do what a skill asked for.</summary>
/// <param name="Error">Kind.</param>
/// <param name="Message">For the skill.</param>
public sealed record HostFault(InvocationError Error, string Message);
