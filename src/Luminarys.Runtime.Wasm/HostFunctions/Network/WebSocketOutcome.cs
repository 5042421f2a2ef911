using System.Net.WebSockets;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>An open WebSocket, or what the guest is told instead.</summary>
internal readonly record struct WebSocketOutcome(ClientWebSocket? Socket, string? Error)
{
    public static WebSocketOutcome Failed(string error) => new(null, error);
}
