namespace Luminarys.Events;

/// <summary>Something that happened in the cluster. A few per second at most; never on the path of a call.</summary>
#pragma warning disable CA1040 // A marker is what it is: handlers match on the type.
public interface IDomainEvent;
#pragma warning restore CA1040
