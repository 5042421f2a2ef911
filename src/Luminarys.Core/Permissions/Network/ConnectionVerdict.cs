using System.Collections.Immutable;
using System.Net;

namespace Luminarys.Permissions.Network;

/// <summary>What may be connected to.</summary>
/// <param name="Verdict">Whether anything may.</param>
/// <param name="Addresses">The addresses that may; no other may be used. Empty when denied.</param>
public sealed record ConnectionVerdict(Verdict Verdict, ImmutableArray<IPAddress> Addresses);
