using System.Collections.Concurrent;
using System.Collections.Immutable;
using Luminarys.Ports;

namespace Luminarys.Cluster.Deployment;

/// <summary>Who listens to which topic on this node. Thread-safe.</summary>
internal sealed class SkillEventHub
{
    private readonly ConcurrentDictionary<string, ImmutableArray<Action<SkillEvent>>> _handlers = new(StringComparer.Ordinal);

    /// <summary>Calls every handler of the topic.</summary>
    public void Emit(SkillEvent skillEvent)
    {
        foreach (var handler in _handlers.GetValueOrDefault(skillEvent.Topic, []))
        {
            handler(skillEvent);
        }
    }

    /// <summary>Adds a handler until the result is disposed.</summary>
    public IDisposable Subscribe(string topic, Action<SkillEvent> handler)
    {
        _handlers.AddOrUpdate(topic, [handler], (_, handlers) => handlers.Add(handler));
        return new Subscription(this, topic, handler);
    }

    private void Remove(string topic, Action<SkillEvent> handler)
    {
        while (_handlers.TryGetValue(topic, out var handlers))
        {
            var left = handlers.Remove(handler);
            var isDone = left.IsEmpty ? _handlers.TryRemove(new(topic, handlers)) : _handlers.TryUpdate(topic, left, handlers);
            if (isDone)
            {
                return;
            }
        }
    }

    private sealed class Subscription(SkillEventHub hub, string topic, Action<SkillEvent> handler) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                hub.Remove(topic, handler);
            }
        }
    }
}
