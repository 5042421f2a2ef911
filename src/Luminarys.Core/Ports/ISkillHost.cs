using Luminarys.Invocations;
using Luminarys.Skills;
using Luminarys.State;

namespace Luminarys.Ports;

/// <summary>
/// What a node does for the skills that run on it beyond their sandbox: other skills, other nodes, shared values, events. Handed to the runtime with
/// each skill. Thread-safe. The runtime has judged the skill's own side; the other side is judged where it lives.
/// </summary>
public interface ISkillHost
{
    /// <summary>Why the node cannot offer a skill that is about to be loaded, and what to do; null when it can.</summary>
    string? Refuse(Skill skill) => null;

    /// <summary>Runs a call of another skill, wherever that is.</summary>
    ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken);

    /// <summary>The live nodes, the master first and then by id; null when the node is on its own.</summary>
    ClusterView? FindCluster();

    /// <summary>Copies a file between this node and another; null when the receiver has it, verified and stored.</summary>
    ValueTask<HostFault?> TransferAsync(SkillTransfer transfer, CancellationToken cancellationToken);

    /// <summary>Reads a value that a skill keeps. One that skills of all nodes share lives on the master; a fault says that it cannot be reached.</summary>
    ValueTask<StoredValue> FindValueAsync(ValueKey key, CancellationToken cancellationToken);

    /// <summary>Writes a value: one MessagePack value; null when it is stored. The last writer wins, so writing again is harmless.</summary>
    ValueTask<HostFault?> StoreValueAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Tells all subscribers of a topic, on every node. At most once, no memory; those of one skill arrive in order.</summary>
    ValueTask EmitAsync(SkillEvent skillEvent, CancellationToken cancellationToken);

    /// <summary>Calls the handler for each event of the topic until the result is disposed. The handler must not block.</summary>
    IDisposable Subscribe(string topic, Action<SkillEvent> handler);
}
