using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>
/// The last frames of calls whose master has not said yet that it has them: it may ask. Bounded; when there is no room, the frame that was kept longest goes,
/// and a question about its call is answered with <see cref="InvocationError.OutcomeUnknown"/>. Not thread-safe.
/// </summary>
internal sealed class AnswerStore
{
    /// <summary>Frames that are kept.</summary>
    public const int MaxAnswers = 4096;

    /// <summary>Bytes of their results.</summary>
    public const long MaxBytes = 64L * 1024 * 1024;

    private readonly Dictionary<CallId, CallFrame> _answers = [];
    private readonly SortedDictionary<ulong, CallId> _byNumber = [];
    private readonly Queue<(CallId Id, ulong Number)> _byAge = new();
    private InstanceId _master;
    private long _bytes;

    /// <summary>Frames that are kept, for tests.</summary>
    public int Count => _answers.Count;

    /// <summary>
    /// Keeps the last frame of a call, in place of an earlier one. What another master has not asked for by now, it never will: it was replaced.
    /// </summary>
    public void Keep(InstanceId master, CallId id, CallFrame frame)
    {
        if (master != _master)
        {
            _answers.Clear();
            _byNumber.Clear();
            _byAge.Clear();
            (_master, _bytes) = (master, 0);
        }

        Forget(id);
        while ((_answers.Count >= MaxAnswers || _bytes + frame.Payload.Length > MaxBytes) && _byAge.TryDequeue(out var oldest))
        {
            if (_answers.TryGetValue(oldest.Id, out var kept) && kept.Number == oldest.Number)
            {
                Forget(oldest.Id);
            }
        }

        _answers[id] = frame;
        _byNumber[frame.Number] = id;
        _byAge.Enqueue((id, frame.Number));
        _bytes += frame.Payload.Length;
    }

    /// <summary>The last frame of a call; null when it is not kept.</summary>
    public CallFrame? Find(InstanceId master, CallId id, ulong number) =>
        master == _master && _answers.TryGetValue(id, out var kept) && kept.Number == number ? kept : null;

    /// <summary>The master has the answers to every call up to this number.</summary>
    public void Settle(InstanceId master, ulong done)
    {
        while (master == _master && _byNumber.Count > 0 && _byNumber.First() is var first && first.Key <= done)
        {
            Forget(first.Value);
        }

        // What was settled leaves the queue when it comes to its front, so the queue is no longer than what is kept and what was settled behind it.
        while (_byAge.TryPeek(out var oldest) && !(_answers.TryGetValue(oldest.Id, out var kept) && kept.Number == oldest.Number))
        {
            _byAge.Dequeue();
        }
    }

    private void Forget(CallId id)
    {
        if (_answers.Remove(id, out var frame))
        {
            _byNumber.Remove(frame.Number);
            _bytes -= frame.Payload.Length;
        }
    }
}
