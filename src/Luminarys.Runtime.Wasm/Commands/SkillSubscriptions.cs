using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>The topics that a skill listens to, for as long as it is loaded. Thread-safe.</summary>
internal sealed class SkillSubscriptions(ISkillHost host, SkillCallbacks callbacks) : IDisposable
{
    /// <summary>Subscriptions of one skill at most.</summary>
    public const int Limit = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Topic, string Callback), IDisposable> _subscriptions = [];
    private SkillSubscriptions? _next;
    private bool _isDisposed;

    /// <summary>Calls the method back for each event of the topic; twice the same is once. Answers what prevents it, or null.</summary>
    public string? Add(string topic, string callback)
    {
        lock (_gate)
        {
            if (_next is { } next)
            {
                return next.Adopt(topic, callback);
            }

            if (_isDisposed || _subscriptions.ContainsKey((topic, callback)))
            {
                return null;
            }

            if (_subscriptions.Count >= Limit)
            {
                return $"{Limit} subscriptions are open already";
            }

            _subscriptions.Add((topic, callback), host.Subscribe(topic, skillEvent => Deliver(callback, skillEvent)));
            return null;
        }
    }

    /// <summary>Ends every subscription and begins it as one of the next version, and so with those that calls of this version still ask for.</summary>
    public void HandOver(SkillSubscriptions next)
    {
        lock (_gate)
        {
            var open = _subscriptions.Keys.ToList();
            Clear();
            _next = next;
            foreach (var (topic, callback) in open)
            {
                next.Adopt(topic, callback);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Clear();
        }
    }

    // Nobody is there to be told that this version has no such method: it ends as it would have ended with the process.
    private string? Adopt(string topic, string callback) =>
        callbacks.HasMethod(callback) ? Add(topic, callback) : "the version that has taken over has no such method";

    private void Clear()
    {
        foreach (var subscription in _subscriptions.Values)
        {
            subscription.Dispose();
        }

        _subscriptions.Clear();
    }

    // The depth came with the event: skills that answer events with events come to an end.
    private void Deliver(string callback, SkillEvent skillEvent) =>
        callbacks.Post(new CommandOrigin(skillEvent.TraceId, "", skillEvent.Depth) { Chain = skillEvent.Root }, callback, CallbackPayloads.OfEvent(skillEvent));
}
