using Luminarys.Ports;

namespace Luminarys.Cluster.Deployment;

/// <summary>Takes events of this node's skills to the other nodes. Thread-safe.</summary>
internal interface IEventCarrier
{
    /// <summary>Sends the event on its way, in the order of the calls; what cannot go is dropped and counted.</summary>
    void Carry(SkillEvent skillEvent);
}
