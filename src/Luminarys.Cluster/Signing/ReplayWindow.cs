namespace Luminarys.Cluster.Signing;

/// <summary>
/// Takes every number of a growing series once. Numbers may come a little out of order, because a process sends from many threads; one that is far
/// below the highest is refused. Not thread-safe.
/// </summary>
internal sealed class ReplayWindow
{
    /// <summary>How far below the highest number one may be.</summary>
    public const int Size = 4096;

    private const int WordBits = 64;
    private readonly ulong[] _seen = new ulong[Size / WordBits];
    private ulong _highest;

    /// <summary>False when the number was taken before, or is too old to know.</summary>
    public bool TryTake(ulong number)
    {
        if (number == 0)
        {
            return false;
        }

        if (number > _highest)
        {
            Advance(number);
        }
        else if (_highest - number >= Size)
        {
            return false;
        }

        ref var word = ref _seen[number % Size / WordBits];
        var bit = 1UL << (int)(number % WordBits);
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    private void Advance(ulong number)
    {
        if (number - _highest >= Size)
        {
            Array.Clear(_seen);
        }
        else
        {
            for (var passed = _highest + 1; passed <= number; passed++)
            {
                _seen[passed % Size / WordBits] &= ~(1UL << (int)(passed % WordBits));
            }
        }

        _highest = number;
    }
}
