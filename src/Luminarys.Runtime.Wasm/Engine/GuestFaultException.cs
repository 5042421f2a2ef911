namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Thrown by host code beneath a guest to unwind it. Never leaves the runtime.</summary>
internal sealed class GuestFaultException(GuestFault fault) : Exception(fault.Message)
{
    public GuestFault Fault { get; } = fault;
}
