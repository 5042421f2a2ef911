using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>The seals of one end. They serve one attempt: a second would use a nonce again.</summary>
/// <param name="Out">For what it sends.</param>
/// <param name="In">For what it gets.</param>
internal sealed record TunnelSeals(TunnelSeal Out, TunnelSeal In) : IDisposable
{
    /// <summary>Encryption, with the keys of an attempt.</summary>
    public static TunnelSeals Encrypted(TunnelKeys keys, TransferRole self) => self == TransferRole.Source
        ? new(new CipherSeal(keys.FromSource, TransferRole.Source), new CipherSeal(keys.FromSink, TransferRole.Sink))
        : new(new CipherSeal(keys.FromSink, TransferRole.Sink), new CipherSeal(keys.FromSource, TransferRole.Source));

    /// <summary>Sums only.</summary>
    public static TunnelSeals Plain(TransferRole self) => self == TransferRole.Source
        ? new(new SumSeal(TransferRole.Source), new SumSeal(TransferRole.Sink))
        : new(new SumSeal(TransferRole.Sink), new SumSeal(TransferRole.Source));

    /// <inheritdoc/>
    public void Dispose()
    {
        Out.Dispose();
        In.Dispose();
    }
}
