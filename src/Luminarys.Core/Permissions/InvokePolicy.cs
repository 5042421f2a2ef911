using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>Which skills this one may call, and which may call it. <c>*</c> stands for any; an empty list for none.</summary>
/// <param name="CanInvoke">Skills that this one may call.</param>
/// <param name="CanBeInvokedBy">Skills that may call this one. MCP clients are not subject to it.</param>
public sealed record InvokePolicy(ImmutableArray<string> CanInvoke, ImmutableArray<string> CanBeInvokedBy)
{
    /// <summary>A policy that lets no skill call and none be called.</summary>
    public static InvokePolicy None { get; } = new([], []);
}
