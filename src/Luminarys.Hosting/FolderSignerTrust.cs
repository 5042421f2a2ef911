using Luminarys.Ports;
using Luminarys.Skills.Trust;

namespace Luminarys.Hosting;

/// <summary>Judges the signers of other nodes' packages by this node's trust folder.</summary>
internal sealed class FolderSignerTrust(ITrustSource? source, bool isListRequired, TimeProvider time) : ISignerTrust
{
    public async ValueTask<SignerCheck> ReadAsync(CancellationToken cancellationToken)
    {
        if (source is null)
        {
            return static (_, _) => false;
        }

        var folder = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
        return TrustReview.Open(folder, time.GetUtcNow(), isListRequired).Store is { } store
            ? (signer, package) => store.Judge(signer, package, time.GetUtcNow()).IsTrusted
            : static (_, _) => false;
    }
}
