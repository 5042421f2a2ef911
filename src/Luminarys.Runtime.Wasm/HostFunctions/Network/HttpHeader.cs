namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>One header line, or one cookie of a request.</summary>
internal readonly record struct HttpHeader(string Name, string Value);
