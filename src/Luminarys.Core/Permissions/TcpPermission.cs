using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>Grant to open TCP connections.</summary>
/// <param name="Allowlist"><c>host:port</c> patterns.</param>
/// <param name="InternalAddresses">Whether loopback and private addresses are granted as a class: the published meaning of an empty allowlist.</param>
public sealed record TcpPermission(ImmutableArray<string> Allowlist, bool InternalAddresses);
