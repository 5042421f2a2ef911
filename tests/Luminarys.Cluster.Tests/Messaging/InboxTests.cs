using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Cluster.Tests.Messaging;

public sealed class InboxTests
{
    private static readonly CallId s_id = CallId.New(TimeProvider.System);
    private readonly NodeIdentity _self = new(new("test"), new("master"), NodeRole.Master);
    private readonly Inbox _inbox;

    public InboxTests() => _inbox = new(_self, NullLogger.Instance);

    [Fact]
    public void TryOpen_HonestMessage_IsOpened() => Assert.True(Opens("lm.v1.test.m.a.hb", Head()));

    [Fact]
    public void TryOpen_OtherCluster_IsDropped() => Assert.False(Opens("lm.v1.test.m.a.hb", Head() with { Cluster = new("other") }));

    [Fact]
    public void TryOpen_SourceIsNotTheSubjects_IsDropped() => Assert.False(Opens("lm.v1.test.m.b.hb", Head()));

    [Fact]
    public void TryOpen_TypeIsNotTheSubjects_IsDropped() => Assert.False(Opens("lm.v1.test.m.a.reg", Head()));

    [Fact]
    public void TryOpen_AnswerUnderAnotherId_IsDropped()
    {
        Assert.True(Opens($"lm.v1.test.m.a.r.{s_id}", Head()));
        Assert.False(Opens($"lm.v1.test.m.a.r.{CallId.New(TimeProvider.System)}", Head()));
    }

    [Fact]
    public void TryOpen_OwnMessage_IsDropped() => Assert.False(Opens("lm.v1.test.b.hb", Head() with { Instance = _self.Instance }));

    [Fact]
    public void TryOpen_ForeignSubject_IsDropped() => Assert.False(Opens("lm.v1.elsewhere.m.a.hb", Head()));

    private static Envelope Head() => new()
    {
        Type = "hb",
        Cluster = new("test"),
        Source = new("a"),
        Instance = Samples.Instance(1),
        Id = s_id,
    };

    private bool Opens(string subject, Envelope envelope)
    {
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(buffer, envelope, EmptyMessage.Instance);
        return _inbox.TryOpen(new BusMessage(subject, null, buffer.Written, BusMessageKind.Data), out _);
    }
}
