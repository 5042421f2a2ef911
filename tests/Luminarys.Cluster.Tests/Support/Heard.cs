using System.Collections.Concurrent;
using System.Text;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>The events of one topic that a skill of a node heard.</summary>
internal sealed class Heard
{
    public Heard(ISkillHost host, string topic = "news") => host.Subscribe(topic, Events.Enqueue);

    public ConcurrentQueue<SkillEvent> Events { get; } = new();

    public string[] Texts => [.. Events.Select(heard => Encoding.UTF8.GetString(heard.Payload.Span))];
}
