using Luminarys.Invocations;
using Luminarys.Transfers;

namespace Luminarys.Ports;

/// <summary>Tells whoever began a call how the files go that it has copied, on whichever node that is. Thread-safe.</summary>
public interface ITransferWatch
{
    /// <summary>
    /// Calls the handler for each news of a transfer that the call, or one that it led to, has asked for, until the result is disposed. The handler must not block.
    /// </summary>
    /// <param name="root">The call at the beginning of the chain.</param>
    /// <param name="handler">Is told; by one thread at a time.</param>
    IDisposable Follow(CallId root, Action<TransferProgress> handler);
}
