namespace Luminarys.Transport.Tcp.Relay;

/// <summary>
/// How many strangers there may be at once. There is always room for a newcomer: the one that has been a stranger for longest makes it, because an honest
/// client is done in milliseconds. Thread-safe.
/// </summary>
internal sealed class HandshakeSlots(int limit)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Slot> _slots = new();

    /// <summary>Takes a slot until the result is disposed.</summary>
    public Slot Enter(bool makesRoom = true)
    {
        var slot = new Slot(this);
        Slot? oldest = null;
        lock (_gate)
        {
            if (_slots.Count >= limit)
            {
                oldest = makesRoom ? _slots.First!.Value : slot;
            }

            slot.Place = _slots.AddLast(slot);
            if (oldest is not null)
            {
                _slots.Remove(oldest.Place!);
            }
        }

        oldest?.End();
        return slot;
    }

    /// <summary>Ends every handshake.</summary>
    public void CutAll()
    {
        Slot[] slots;
        lock (_gate)
        {
            slots = [.. _slots];
        }

        foreach (var slot in slots)
        {
            slot.End();
        }
    }

    /// <summary>The place of one stranger.</summary>
    internal sealed class Slot(HandshakeSlots slots) : IDisposable
    {
        private readonly CancellationTokenSource _cut = new();

        /// <summary>Fires when it must make room.</summary>
        public CancellationToken Cut => _cut.Token;

        internal LinkedListNode<Slot>? Place { get; set; }

        public void Dispose()
        {
            lock (slots._gate)
            {
                if (Place?.List is { } list)
                {
                    list.Remove(Place);
                }
            }
        }

        internal void End() => _cut.Cancel();
    }
}
