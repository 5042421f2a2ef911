using Luminarys.Invocations;

namespace Luminarys.Testing;

/// <summary>
/// Body of a scripted method. The token is cancelled when the call's deadline passes, its caller gives up or the runtime is disposed; the
/// call is answered then, whatever the body does. An exception counts as a trap.
/// </summary>
public delegate ValueTask<InvocationResult> ScriptedMethod(Invocation invocation, CancellationToken cancellationToken);
