using Luminarys.Nodes;

namespace Luminarys.Invocations;

/// <summary>Outcome of a call: a payload, or an error with a message for the caller.</summary>
public readonly record struct InvocationResult
{
    /// <summary><see cref="InvocationError.None"/> when the call succeeded.</summary>
    public InvocationError Error { get; private init; }

    /// <summary>The bare return value in MessagePack; empty when the method returns nothing. Owned by the receiver.</summary>
    public ReadOnlyMemory<byte> Payload { get; private init; }

    /// <summary>Further text for the model behind the client; null when there is none.</summary>
    public string? LlmContext { get; private init; }

    /// <summary>What to tell the caller about the error; null on success. Free of secrets and host paths.</summary>
    public string? Message { get; private init; }

    /// <summary>The node that executed or refused the call; default when no node did.</summary>
    public NodeId Node { get; init; }

    /// <summary>Whether the call succeeded.</summary>
    public bool IsSuccess => Error == InvocationError.None;

    /// <summary>A result.</summary>
    public static InvocationResult Success(ReadOnlyMemory<byte> payload, string? llmContext = null) =>
        new() { Payload = payload, LlmContext = llmContext };

    /// <summary>An error.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is <see cref="InvocationError.None"/>.</exception>
    public static InvocationResult Failure(InvocationError error, string message)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)error, (int)InvocationError.None, nameof(error));
        return new() { Error = error, Message = message };
    }
}
