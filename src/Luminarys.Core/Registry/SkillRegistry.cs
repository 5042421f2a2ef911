namespace Luminarys.Registry;

/// <summary>
/// The one mutable shell around <see cref="RegistrySnapshot"/>. Readers take <see cref="Current"/> without a lock;
/// a stale snapshot is never published over a newer one. Thread-safe.
/// </summary>
public sealed class SkillRegistry
{
    private RegistrySnapshot _current = RegistrySnapshot.Empty;

    /// <summary>
    /// Raised after a newer snapshot became current, on the publisher's thread. Handlers must not block;
    /// two publishers may raise it at once, so a handler reads <see cref="Current"/> instead of keeping the order of events.
    /// </summary>
    public event Action? Changed;

    /// <summary>The newest snapshot.</summary>
    public RegistrySnapshot Current => Volatile.Read(ref _current);

    /// <summary>Makes the snapshot current if it is newer than the current one; answers whether it did.</summary>
    public bool TryPublish(RegistrySnapshot next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var seen = Current;
        while (next.IsSuccessorTo(seen))
        {
            var before = Interlocked.CompareExchange(ref _current, next, seen);
            if (ReferenceEquals(before, seen))
            {
                Changed?.Invoke();
                return true;
            }

            seen = before;
        }

        return false;
    }
}
