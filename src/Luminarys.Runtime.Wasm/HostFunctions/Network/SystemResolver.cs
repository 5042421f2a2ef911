using System.Net;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>The operating system's resolver.</summary>
internal sealed class SystemResolver : INameResolver
{
    public async ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false);
}
