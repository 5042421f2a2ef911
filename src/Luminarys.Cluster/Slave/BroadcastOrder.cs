using Luminarys.Cluster.Messaging;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>Refuses broadcasts that are not newer than the last one of the same process on the same subject. For one thread.</summary>
internal sealed class BroadcastOrder
{
    private const int MaxSenders = 64;
    private readonly Dictionary<(InstanceId Instance, string Type), ulong> _last = [];

    public bool IsNew(in Received received)
    {
        var key = (received.Envelope.Instance, received.Envelope.Type);
        if (received.Envelope.Sequence <= _last.GetValueOrDefault(key))
        {
            return false;
        }

        if (_last.Count >= MaxSenders && !_last.ContainsKey(key))
        {
            // So many masters are a flood; forgetting the order of old ones costs a repeated look at a beacon.
            _last.Clear();
        }

        _last[key] = received.Envelope.Sequence;
        return true;
    }
}
