using System.Security.Cryptography;
using Luminarys.Transfers;

namespace Luminarys.Simulation.Transfers;

/// <summary>The sink's disk: what has come of the file and the note of it, and what has the final name. Outlives the processes that write it.</summary>
internal sealed class SimulatedPart(Scheduler scheduler, byte[]? final)
{
    private readonly List<byte> _bytes = [];
    private byte[]? _before = final;
    private bool _isRenaming;
    private (int Transfer, ContentHash Hash)? _committed;
    private int _noted;

    /// <summary>Length of the file that the note speaks of.</summary>
    public int Length { get; private set; }

    /// <summary>What is on the disk for good.</summary>
    public int Durable { get; private set; }

    /// <summary>What whoever looks at the final name sees.</summary>
    public byte[]? Final { get; private set; } = final;

    /// <summary>Hashes of all files that had the final name for good.</summary>
    public HashSet<ContentHash> Committed { get; } = [];

    /// <summary>The file of a transfer that an earlier attempt brought whole.</summary>
    public ContentHash? CommittedOf(int transfer) => _committed is { } committed && committed.Transfer == transfer ? committed.Hash : null;

    /// <summary>An attempt begins.</summary>
    public void Open(int length)
    {
        Durable = length == Length ? Math.Min(_noted, _bytes.Count) : 0;
        (Length, _noted) = (length, Durable);
        _bytes.RemoveRange(Durable, _bytes.Count - Durable);
    }

    public byte[] Read(int count) => [.. _bytes.Take(count)];

    public void Restart()
    {
        _noted = 0;
        Durable = 0;
        _bytes.Clear();
    }

    public void Write(byte[] content, int offset)
    {
        Violation.Require(offset == _bytes.Count, "T-4: a part was written where none belongs");
        _bytes.AddRange(content);
    }

    public void Flush(int offset) => (Durable, _noted) = (offset, offset);

    /// <summary>The first half of a commit: the name is there, the disk may not know it.</summary>
    public void Rename()
    {
        (_before, _isRenaming) = (Final, true);
        Final = [.. _bytes];
        Restart();
    }

    /// <summary>The second half.</summary>
    public void FlushDirectory(int transfer, ContentHash hash)
    {
        (_isRenaming, _committed) = (false, (transfer, hash));
        Committed.Add(HashOf(Final!));
    }

    /// <summary>What is here is of no use to anybody.</summary>
    public void Discard()
    {
        Restart();
        Length = 0;
    }

    /// <summary>The machine lost its power: what was not flushed is gone, or anything.</summary>
    public void LosePower()
    {
        var kept = Durable + scheduler.Random.Next(_bytes.Count - Durable + 1);
        _bytes.RemoveRange(kept, _bytes.Count - kept);
        for (var i = Durable; i < kept; i++)
        {
            _bytes[i] ^= (byte)scheduler.Random.Next(256);
        }

        if (_isRenaming && scheduler.Chance(0.5))
        {
            Final = _before;
        }

        _isRenaming = false;
    }

    public static ContentHash HashOf(byte[] content) => ContentHash.Read(SHA256.HashData(content));
}
