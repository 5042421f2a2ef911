using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>What a session wants done, in order, and the requests among it that wait for answers. Not thread-safe.</summary>
internal sealed class SessionOutput(SessionDice dice)
{
    private static readonly TimeSpan s_reportPause = TimeSpan.FromSeconds(1);
    private readonly Queue<SessionAction> _actions = new();
    private TimeSpan? _reportedAt;

    /// <summary>The requests that wait for an answer.</summary>
    public SessionRequests Requests { get; } = new();

    /// <summary>Takes the next thing to do; false when there is none.</summary>
    public bool TryTake(out SessionAction action) => _actions.TryDequeue(out action!);

    /// <summary>Asks for something to be done; nothing when it is null.</summary>
    public void Add(SessionAction? action)
    {
        if (action is not null)
        {
            _actions.Enqueue(action);
        }
    }

    /// <summary>Sends a request to the master and waits for its answer.</summary>
    public void Request(string type, object body, TimeSpan now)
    {
        var id = dice.NextId();
        _actions.Enqueue(new SessionAction.Send(type, id, body));
        Requests.Add(type, id, now);
    }

    /// <summary>
    /// Tells a master whose term is over which epoch is the highest; not more than once a second. The report names that process: no other one may take
    /// it for news about its own term.
    /// </summary>
    public void ReportEpoch(ulong highest, InstanceId to, TimeSpan now)
    {
        if (_reportedAt is not { } reported || now - reported >= s_reportPause)
        {
            _reportedAt = now;
            var report = new AnswerMessage { Code = InvocationError.StaleEpoch, HighestEpoch = highest };
            _actions.Enqueue(new SessionAction.Send(MessageTypes.Epoch, dice.NextId(), report) { To = to });
        }
    }
}
