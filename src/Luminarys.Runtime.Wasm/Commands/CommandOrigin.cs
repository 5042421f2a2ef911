using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>What everything that a skill asks for inherits from the call in which it asked: nobody gets a fresh start by asking later.</summary>
/// <param name="TraceId">Names the chain of calls.</param>
/// <param name="SessionId">Session of the client at its beginning; empty without one.</param>
/// <param name="Depth">Steps from the call of a client to what comes next.</param>
internal sealed record CommandOrigin(string TraceId, string SessionId, int Depth)
{
    /// <summary>The deepest call that is run.</summary>
    public const int MaxDepth = 16;

    /// <summary>The beginning of a chain that the host starts by itself.</summary>
    public static CommandOrigin Root { get; } = new("", "", 0);

    /// <summary>The call that asked; default for none.</summary>
    public CallId Call { get; init; }

    /// <summary>The call at the beginning of the chain; default when what comes next is the beginning.</summary>
    public CallId Chain { get; init; }

    /// <summary>What follows from a call.</summary>
    public static CommandOrigin After(Invocation call) =>
        new(call.TraceId.Length > 0 ? call.TraceId : call.Id.ToString(), call.SessionId, call.Depth + 1) { Call = call.Id, Chain = call.Root };
}
