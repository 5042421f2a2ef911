using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>What one call sends to the guest.</summary>
/// <param name="Invocation">The call.</param>
/// <param name="CallerId">Id of the calling skill; empty for a client at the edge.</param>
/// <param name="State">State that the skill returned last; empty when there is none.</param>
/// <param name="DeadlineNanoseconds">Absolute Unix time; 0 for none.</param>
internal readonly record struct GuestRequest(Invocation Invocation, string CallerId, ReadOnlyMemory<byte> State, long DeadlineNanoseconds);
