using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>What is remembered of a node beyond the life of its process, so that nothing old is taken for new.</summary>
internal sealed class NodeMemory
{
    private const int MaxSuperseded = 16;
    private readonly Queue<InstanceId> _superseded = new();

    /// <summary>Highest incarnation seen.</summary>
    public ulong MaxIncarnation { get; set; }

    /// <summary>When the node was last there.</summary>
    public TimeSpan SeenAt { get; set; }

    /// <summary>Whether the process was replaced by a newer one.</summary>
    public bool IsSuperseded(InstanceId instance) => _superseded.Contains(instance);

    public void Supersede(InstanceId instance)
    {
        if (_superseded.Count == MaxSuperseded)
        {
            _superseded.Dequeue();
        }

        _superseded.Enqueue(instance);
    }
}
