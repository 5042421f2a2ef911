using System.Collections.Immutable;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>What a server answered.</summary>
internal sealed record HttpAnswer(int Status, ImmutableArray<HttpHeader> Headers, ImmutableArray<ServerCookie> Cookies, ReadOnlyMemory<byte> Body, bool IsTruncated);
