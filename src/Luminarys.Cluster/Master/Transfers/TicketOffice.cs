using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Nodes;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Master.Transfers;

/// <summary>Issues the tickets of attempts, one for each end. Thread-safe.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="keys">Keys that the relay knows too.</param>
/// <param name="address">Where nodes reach the relay, as <c>host:port</c>.</param>
/// <param name="time">Clock.</param>
internal sealed class TicketOffice(ClusterId cluster, RelayKeys keys, Func<string> address, TimeProvider time)
{
    private const long Slack = 64 * 1024;
    private static readonly TimeSpan s_life = TimeSpan.FromSeconds(60);

    private readonly UInt128 _cluster = RelayTicket.DigestOf(cluster);

    /// <summary>Makes both.</summary>
    public (TransferTicket Source, TransferTicket Sink) Issue(TransferOffer offer)
    {
        var notAfter = DateTimeOffset.FromUnixTimeMilliseconds((time.GetUtcNow() + s_life).ToUnixTimeMilliseconds());

        // What frames add is below one percent; what is more is no file.
        var maxBytes = (ulong)(offer.Length + (offer.Length / 100) + Slack);
        return (Issue(TransferRole.Source, offer.Plan.From), Issue(TransferRole.Sink, offer.Plan.To));

        TransferTicket Issue(TransferRole role, NodeId node)
        {
            var bytes = keys.Seal(new(_cluster, offer.Transfer, offer.Attempt, role, node) { MaxBytes = maxBytes, NotAfter = notAfter });
            return new(offer.Transfer, role, node, notAfter) { Attempt = offer.Attempt, RelayAddress = address(), Sealed = bytes, JoinKey = keys.JoinKeyOf(bytes) };
        }
    }
}
