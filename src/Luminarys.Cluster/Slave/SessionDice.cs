using Luminarys.Invocations;

namespace Luminarys.Cluster.Slave;

/// <summary>Everything in a session that must not be foreseeable, so that a simulation can foresee it.</summary>
/// <param name="nextFraction">Gives a number from 0 to below 1.</param>
/// <param name="nextId">Gives a new id.</param>
internal sealed class SessionDice(Func<double> nextFraction, Func<CallId> nextId)
{
    public CallId NextId() => nextId();

    public TimeSpan Between(TimeSpan min, TimeSpan max) => min + (nextFraction() * (max - min));
}
