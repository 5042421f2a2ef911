using System.Security.Cryptography;
using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Messaging.Payloads;

/// <summary>
/// The reader's side of one payload as a state machine: asks for parts, a window at a time, and again for what does not come. Not thread-safe.
/// </summary>
internal sealed class IncomingPayload
{
    private const int Refill = MoreMessage.Window / 2;
    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_silenceLimit = TimeSpan.FromSeconds(15);

    private readonly PayloadClaim _claim;
    private readonly ClusterDefences _defences;
    private readonly byte[] _bytes;
    private readonly bool[] _has;
    private int _left;
    private int _asked;
    private int _outstanding;
    private TimeSpan _heardAt;
    private TimeSpan _askedAt;

    public IncomingPayload(PayloadClaim claim, ClusterDefences defences)
    {
        (_claim, _defences, _left) = (claim, defences, claim.Parts);
        _bytes = new byte[claim.Length];
        _has = new bool[claim.Parts];
    }

    /// <summary>Whether every part is there.</summary>
    public bool IsComplete => _left == 0;

    /// <summary>The first question.</summary>
    public MoreMessage Begin(TimeSpan now)
    {
        _heardAt = now;
        return Ask(0, Math.Min(MoreMessage.Window, _claim.Parts), now);
    }

    /// <summary>Takes a part; answers the next question, if there is one to ask. Parts that nobody asked for, or of a wrong size, change nothing.</summary>
    public MoreMessage? Take(PartMessage part, TimeSpan now, out bool isTaken)
    {
        isTaken = part.Index < _asked && !_has[part.Index] && part.Bytes.Length == _claim.SizeOf(part.Index);
        if (!isTaken)
        {
            return null;
        }

        part.Bytes.CopyTo(_bytes.AsMemory(part.Index * _claim.PartSize));
        _has[part.Index] = true;
        (_left, _outstanding, _heardAt) = (_left - 1, _outstanding - 1, now);
        return _outstanding <= Refill && _asked < _claim.Parts
            ? Ask(_asked, Math.Min(MoreMessage.Window - _outstanding, _claim.Parts - _asked), now)
            : null;
    }

    /// <summary>Lets time pass; answers the question to repeat, if there is one.</summary>
    public MoreMessage? Advance(TimeSpan now, out bool isGivenUp)
    {
        isGivenUp = now - _heardAt >= s_silenceLimit;
        if (isGivenUp || IsComplete || now - (_heardAt > _askedAt ? _heardAt : _askedAt) < s_askAgainAfter)
        {
            return null;
        }

        var first = Array.IndexOf(_has, false);
        return Ask(first, Math.Min(MoreMessage.Window, _claim.Parts - first), now);
    }

    /// <summary>Checks the whole.</summary>
    public PayloadOutcome Finish() => !_defences.PayloadHashes || SHA256.HashData(_bytes).AsSpan().SequenceEqual(_claim.Hash.Span)
        ? new(_bytes, null)
        : new(default, "what came is not what was announced: its SHA-256 differs");

    private MoreMessage Ask(int first, int count, TimeSpan now)
    {
        _asked = Math.Max(_asked, first + count);
        _outstanding = _has.AsSpan(0, _asked).Count(false);
        _askedAt = now;
        return new(first, count);
    }
}
