using Luminarys.Invocations;
using Luminarys.Mcp.Files;
using Luminarys.Nodes;

namespace Luminarys.Mcp.Arguments;

/// <summary>Arguments ready for the guest, or why the call cannot be made; and what goes with the call.</summary>
/// <param name="Payload">One MessagePack map.</param>
/// <param name="Error">Why there is none; <see cref="InvocationError.None"/> when there is.</param>
/// <param name="Problem">The same for the client; null when there is.</param>
internal readonly record struct PreparedArguments(ReadOnlyMemory<byte> Payload, InvocationError Error = InvocationError.None, string? Problem = null) : IDisposable
{
    /// <summary>Whether the call can be made.</summary>
    public bool IsReady => Problem is null;

    /// <summary>The only node on which the call finds its files; null when any will do.</summary>
    public NodeId? Node { get; init; }

    /// <summary>Copies that the call reads; null for none.</summary>
    public FileCopies? Copies { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Copies?.Dispose();
}
