using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Why a guest did not finish what it was asked to do. Its instance is not used again.</summary>
/// <param name="Error">Kind of failure.</param>
/// <param name="Message">For the caller.</param>
/// <param name="Detail">For the log; empty when the message says it all.</param>
internal sealed record GuestFault(InvocationError Error, string Message, string Detail = "");
