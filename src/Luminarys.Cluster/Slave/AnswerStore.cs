using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>
/// The last frames of calls whose master has not said yet that it has them: it may ask. Bounded; when it is full, no further call begins, rather than
/// one being forgotten. Not thread-safe.
/// </summary>
internal sealed class AnswerStore
{
    /// <summary>Frames that are kept.</summary>
    public const int MaxAnswers = 4096;

    private const long MaxBytes = 64L * 1024 * 1024;

    private readonly Dictionary<CallId, (InstanceId Master, CallFrame Frame)> _answers = [];
    private readonly SortedDictionary<ulong, CallId> _byNumber = [];
    private InstanceId _master;
    private long _bytes;

    /// <summary>Whether there is no room for one more, beside the answers of the calls that run.</summary>
    public bool IsFull(int running) =>
        _answers.Count + running >= MaxAnswers || _bytes + ((long)running * ProtocolLimits.InlinePayload) >= MaxBytes;

    /// <summary>Frames that are kept, for tests.</summary>
    public int Count => _answers.Count;

    /// <summary>Keeps the last frame of a call, in place of an earlier one. What another master has not asked for by now, it never will: it was replaced.</summary>
    public void Keep(InstanceId master, CallId id, CallFrame frame)
    {
        if (master != _master)
        {
            Clear();
            _master = master;
        }

        // A refusal that there is no room for is told once and then forgotten: to a question about it the node says that it does not know.
        if (frame.Kind == CallFrameKind.Reject && IsFull(0))
        {
            return;
        }

        if (_answers.Remove(id, out var replaced))
        {
            _byNumber.Remove(replaced.Frame.Number);
            _bytes -= replaced.Frame.Payload.Length;
        }

        _byNumber[frame.Number] = id;
        _answers[id] = (master, frame);
        _bytes += frame.Payload.Length;
    }

    /// <summary>The last frame of a call; null when it is not kept.</summary>
    public CallFrame? Find(InstanceId master, CallId id, ulong number) =>
        _answers.TryGetValue(id, out var kept) && kept.Master == master && kept.Frame.Number == number ? kept.Frame : null;

    /// <summary>The master has the answers to every call up to this number.</summary>
    public void Settle(InstanceId master, ulong done)
    {
        while (master == _master && _byNumber.Count > 0 && _byNumber.First() is var first && first.Key <= done)
        {
            _byNumber.Remove(first.Key);
            if (_answers.Remove(first.Value, out var settled))
            {
                _bytes -= settled.Frame.Payload.Length;
            }
        }
    }

    private void Clear()
    {
        _answers.Clear();
        _byNumber.Clear();
        _bytes = 0;
    }
}
