using Luminarys.Invocations;
using Luminarys.Mcp.Files;
using Luminarys.Nodes;

namespace Luminarys.Mcp.Arguments;

/// <summary>Arguments ready for the guest, or why the call cannot be made; and what goes with the call.</summary>
/// <param name="Payload">One MessagePack map.</param>
/// <param name="Refusal">Why there is none; null when there is.</param>
internal readonly record struct PreparedArguments(ReadOnlyMemory<byte> Payload, InvocationResult? Refusal) : IDisposable
{
    /// <summary>The only node on which the call finds its files; null when any will do.</summary>
    public NodeId? Node { get; init; }

    /// <summary>Copies that the call reads; null for none.</summary>
    public FileCopies? Copies { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Copies?.Dispose();
}
