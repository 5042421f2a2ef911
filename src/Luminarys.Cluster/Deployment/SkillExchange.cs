using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Cluster.Deployment;

/// <summary>How skills of this node meet those of others without calling them.</summary>
/// <param name="Hub">Listeners of this node; also for events of others.</param>
/// <param name="Carrier">Takes this node's events to the others.</param>
/// <param name="Own">Values of a skill's own.</param>
/// <param name="Shared">Values that skills of all nodes share.</param>
internal sealed record SkillExchange(SkillEventHub Hub, IEventCarrier Carrier, ISkillValues Own, ISkillValues Shared)
{
    /// <summary>Where a value lives.</summary>
    public ISkillValues Of(ValueKey key) => key.Scope.Length == 0 ? Shared : Own;

    /// <summary>Tells the listeners of this node at once, and the others soon.</summary>
    public void Emit(SkillEvent skillEvent)
    {
        Hub.Emit(skillEvent);
        Carrier.Carry(skillEvent);
    }
}
