using System.Net;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Turns names into addresses. Thread-safe.</summary>
internal interface INameResolver
{
    /// <summary>All addresses of a name; a name without any fails with a <see cref="System.Net.Sockets.SocketException"/>.</summary>
    ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken);
}
