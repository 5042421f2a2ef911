using System.Net;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>The operating system's resolver. It does not stop when it is told to; then nobody waits for it any longer.</summary>
internal sealed class SystemResolver : INameResolver
{
    public async ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(name, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
}
