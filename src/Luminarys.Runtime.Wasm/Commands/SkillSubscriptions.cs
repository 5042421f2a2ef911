using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>The topics that a skill listens to, for as long as it is loaded. Thread-safe.</summary>
internal sealed class SkillSubscriptions(ISkillHost host, SkillCallbacks callbacks) : IDisposable
{
    /// <summary>Subscriptions of one skill at most.</summary>
    public const int Limit = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Topic, string Callback), IDisposable> _subscriptions = [];
    private bool _isDisposed;

    /// <summary>Calls the method back for each event of the topic; twice the same is once. Answers what prevents it, or null.</summary>
    public string? Add(string topic, string callback)
    {
        lock (_gate)
        {
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

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var subscription in _subscriptions.Values)
            {
                subscription.Dispose();
            }

            _subscriptions.Clear();
        }
    }

    // The depth came with the event: skills that answer events with events come to an end.
    private void Deliver(string callback, SkillEvent skillEvent) =>
        callbacks.Post(new CommandOrigin(skillEvent.TraceId, "", skillEvent.Depth) { Chain = skillEvent.Root }, callback, CallbackPayloads.OfEvent(skillEvent));
}
