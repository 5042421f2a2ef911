using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>Grant to call HTTP servers.</summary>
/// <param name="Allowlist">URL patterns; empty grants nothing.</param>
/// <param name="MaxResponseBytes">Largest response body in bytes, after decompression.</param>
/// <param name="AllowWebSocket">Whether the same patterns also allow WebSocket connections.</param>
public sealed record HttpPermission(ImmutableArray<string> Allowlist, long MaxResponseBytes, bool AllowWebSocket);
