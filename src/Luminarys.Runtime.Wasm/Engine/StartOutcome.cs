namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Outcome of starting a skill's first instance.</summary>
/// <param name="Descriptor">What <c>skill_describe</c> answered.</param>
/// <param name="Fault">Why it did not start; null when it did.</param>
internal sealed record StartOutcome(byte[] Descriptor, GuestFault? Fault);
