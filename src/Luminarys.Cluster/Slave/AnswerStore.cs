using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>
/// The last frames of calls whose master has not said yet that it has them: it may ask. A result that travels in parts is kept as its claim only. Nothing is
/// forgotten to make room: when there is none, no call begins. Not thread-safe.
/// </summary>
internal sealed class AnswerStore
{
    /// <summary>Frames that are kept.</summary>
    public const int MaxAnswers = 4096;

    /// <summary>Bytes of their results.</summary>
    public const long MaxBytes = 64L * 1024 * 1024;

    private readonly Dictionary<ulong, (CallId Call, CallFrame Frame)> _answers = [];
    private InstanceId _master;
    private ulong _done;
    private long _bytes;

    /// <summary>Frames that are kept, for tests.</summary>
    public int Count => _answers.Count;

    /// <summary>Whether the answer of one more call may be kept beside those of the calls that run.</summary>
    public bool HasRoom(int running) => _answers.Count + running < MaxAnswers && _bytes < MaxBytes;

    /// <summary>
    /// Keeps the last frame of a call, in place of an earlier one. What another master has not asked for by now, it never will: it was replaced.
    /// </summary>
    public void Keep(InstanceId master, CallId call, CallFrame frame)
    {
        if (master != _master)
        {
            _answers.Clear();
            (_master, _done, _bytes) = (master, 0, 0);
        }

        Forget(frame.Number);
        var kept = frame.Claim is null ? frame : frame with { Payload = default };
        _answers[frame.Number] = (call, kept);
        _bytes += kept.Payload.Length;
    }

    /// <summary>The last frame of a call; null when it is not kept.</summary>
    public CallFrame? Find(InstanceId master, CallId call, ulong number) =>
        master == _master && _answers.TryGetValue(number, out var kept) && kept.Call == call ? kept.Frame : null;

    /// <summary>The master has the answers to these calls.</summary>
    public void Settle(InstanceId master, SettledNumbers settled)
    {
        if (master != _master)
        {
            return;
        }

        // Each number once, unless so many are settled that looking at what is kept is less.
        if (settled.Done > _done && settled.Done - _done <= MaxAnswers)
        {
            while (_done < settled.Done)
            {
                Forget(++_done);
            }
        }

        if (!settled.Open.IsDefault || settled.Done > _done)
        {
            foreach (var number in _answers.Keys.Where(settled.Includes).ToArray())
            {
                Forget(number);
            }
        }

        _done = Math.Max(_done, settled.Done);
    }

    private void Forget(ulong number)
    {
        if (_answers.Remove(number, out var kept))
        {
            _bytes -= kept.Frame.Payload.Length;
        }
    }
}
