using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Signing;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using MessagePack;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Cluster.Tests.Signing;

/// <summary>A master and a slave that know each other's keys, without buses: what one writes, the other opens.</summary>
public sealed class NodeSignerTests : IDisposable
{
    private readonly KeyRing _keys = new();
    private readonly Side _master;
    private readonly Side _slave;
    private readonly CallId _id = CallId.New(TimeProvider.System);

    public NodeSignerTests()
    {
        _master = new(_keys, "master", NodeRole.Master, "slave-1");
        _slave = new(_keys, "slave-1", NodeRole.Slave, "master");
    }

    public void Dispose()
    {
        _master.Dispose();
        _slave.Dispose();
        _keys.Dispose();
    }

    [Fact]
    public void Greeting_FirstUnaddressedThenAddressed_IsOpened()
    {
        // The slave does not know which process is the master; an answer tells it.
        Assert.True(_master.TryOpen(_slave.Send("m.slave-1.hello", new(MessageTypes.Hello, _id), Samples.Hello), out var first));
        Assert.True(first.IsMisaddressed);
        Meet();

        Assert.True(_master.TryOpen(_slave.Send("m.slave-1.hello", new(MessageTypes.Hello, _id), Samples.Hello), out var second));
        Assert.False(second.IsMisaddressed);
    }

    [Fact]
    public void Heartbeat_ForAnotherMaster_IsForAnAnswerOnly()
    {
        Meet();
        var recorded = _slave.Send("m.slave-1.hb", new(MessageTypes.Heartbeat, _id), Beat());
        using var next = new Side(_keys, "master", NodeRole.Master, "slave-1");

        Assert.True(next.TryOpen(recorded, out var received));
        Assert.True(received.IsMisaddressed);

        // Where no answer could help, nothing of it is let through.
        Assert.False(next.TryOpen(_slave.Send("m.slave-1.dereg", new(MessageTypes.Deregister, _id), new DeregisterMessage(true)), out _));
        Assert.True(_master.TryOpen(recorded, out received));
        Assert.False(received.IsMisaddressed);
    }

    [Fact]
    public void SignedMessage_AnyByteChanged_IsRefused()
    {
        Meet();
        EveryByteChanged(_master, _slave.Send("m.slave-1.hb", new(MessageTypes.Heartbeat, _id), Beat()), EnvelopeSeal.SignatureField);
    }

    [Fact]
    public void CodedMessage_AnyByteChanged_IsRefused()
    {
        Meet();
        Greet();
        EveryByteChanged(_slave, Call(), EnvelopeSeal.CodeField);
    }

    [Fact]
    public void SignedMessage_AnyFieldGoneOrReplaced_IsRefused()
    {
        Meet();
        var message = _slave.Send("m.slave-1.hb", new(MessageTypes.Heartbeat, _id), Beat());
        var fields = Fields(message.Payload);
        Assert.Equal(15, fields.Count);
        foreach (var (key, _) in fields)
        {
            Refuses(_master, message with { Payload = Join(fields.Where(field => field.Key != key)) });
            Refuses(_master, message with { Payload = Join(fields.Select(field => field.Key == key ? (key, (byte[])[0xc0]) : field)) });
            Refuses(_master, message with { Payload = Join(fields.Select(field => field.Key == key ? (key, (byte[])[0x7f]) : field)) });
        }

        // One field more, in front of the proof and behind it; and the fields in another order.
        Refuses(_master, message with { Payload = Join([("zz", [1]), .. fields]) });
        Refuses(_master, message with { Payload = Join([.. fields, ("zz", [1])]) });
        Refuses(_master, message with { Payload = Join(fields.AsEnumerable().Reverse()) });
        Assert.True(_master.TryOpen(message, out _));
    }

    [Fact]
    public void Message_OnAnotherSubject_IsRefused()
    {
        Meet();
        var message = _slave.Send("m.slave-1.a." + _id, new(MessageTypes.Ping, _id), AnswerMessage.Ok);

        Refuses(_master, message with { Subject = $"lm.v1.test.m.slave-1.r.{_id}" });
        Assert.True(_master.TryOpen(message, out _));
    }

    [Fact]
    public void Message_Again_IsRefused()
    {
        Meet();
        Greet();
        var beat = _slave.Send("m.slave-1.hb", new(MessageTypes.Heartbeat, _id), Beat());
        var call = Call();
        Assert.True(_master.TryOpen(beat, out _));
        Assert.True(_slave.TryOpen(call, out _));

        Refuses(_master, beat);
        Refuses(_slave, call);
    }

    [Fact]
    public void Call_IsCodedAndItsFramesToo()
    {
        Meet();
        Greet();
        var call = Call();
        Assert.Equal("mac", Fields(call.Payload)[^1].Key);
        Assert.True(_slave.TryOpen(call, out _));
        var frame = _slave.Send($"m.slave-1.r.{_id}", new(MessageTypes.Frame, _id), new CallFrame(CallFrameKind.Ack, 1));

        Assert.Equal("mac", Fields(frame.Payload)[^1].Key);
        Assert.True(_master.TryOpen(frame, out _));
    }

    [Fact]
    public void Call_WithTheCodeOfAnotherProcess_IsRefused()
    {
        Meet();
        Greet();
        var call = Call();
        using var restarted = new Side(_keys, "slave-1", NodeRole.Slave, "master");
        Meet(restarted);

        Refuses(restarted, call);
    }

    [Fact]
    public void Call_ToAProcessThatIsNotKnown_IsSigned()
    {
        var call = Call();

        Assert.Equal("sig", Fields(call.Payload)[^1].Key);
        Assert.True(_slave.TryOpen(call, out _));
    }

    [Fact]
    public void Unsigned_IsRefused()
    {
        using var plain = new Side(null, "slave-1", NodeRole.Slave);
        Refuses(_master, plain.Send("m.slave-1.hello", new(MessageTypes.Hello, _id), Samples.Hello));
    }

    [Fact]
    public void NodeOutsideTheList_IsRefused()
    {
        using var stranger = new Side(_keys, "stranger", NodeRole.Slave, "master");
        Refuses(_master, stranger.Send("m.stranger.hello", new(MessageTypes.Hello, _id), Samples.Hello));
    }

    [Fact]
    public void OtherKeyOfATrustedNode_IsRefused()
    {
        using var others = new KeyRing();
        using var thief = new Side(others, "slave-1", NodeRole.Slave, "master");
        Refuses(_master, thief.Send("m.slave-1.hello", new(MessageTypes.Hello, _id), Samples.Hello));
    }

    [Fact]
    public void NobodyListens_OnACallIsNotBelieved()
    {
        Assert.False(_master.TryOpen(new BusMessage($"lm.v1.test.m.slave-1.r.{_id}", null, default, BusMessageKind.NoResponders), out _));
        Assert.True(_master.TryOpen(new BusMessage($"lm.v1.test.m.slave-1.a.{_id}", null, default, BusMessageKind.NoResponders), out _));
    }

    [Fact]
    public void SignaturesOff_AForgedMessage_IsOpened()
    {
        using var careless = new Side(_keys, new ClusterDefences { Signatures = false }, "master", NodeRole.Master, "slave-1");
        using var plain = new Side(null, "slave-1", NodeRole.Slave);

        Assert.True(careless.TryOpen(plain.Send("m.slave-1.hello", new(MessageTypes.Hello, _id), Samples.Hello), out _));
    }

    private static HeartbeatMessage Beat() => new(false, 1, default, 1, 0, 1, 1);

    private BusMessage Call() => _master.Send(
        "n.slave-1.call",
        new(MessageTypes.Call, _id, _slave.Identity.Instance) { Clock = new(1, 2) },
        new CallMessage { Number = 1, Skill = new("far"), Method = "x", Payload = new byte[] { 0x80 } });

    // The master says something to the slave.
    private void Meet() => Meet(_slave);

    private void Meet(Side slave) =>
        Assert.True(slave.TryOpen(_master.Send($"n.slave-1.a.{_id}", new(MessageTypes.Hello, _id, slave.Identity.Instance), AnswerMessage.Ok), out _));

    // The slave says something to the master.
    private void Greet() => Assert.True(_master.TryOpen(_slave.Send("m.slave-1.hello", new(MessageTypes.Hello, _id), Samples.Hello), out _));

    private static void EveryByteChanged(Side receiver, BusMessage message, string proof)
    {
        Assert.Equal(proof, Fields(message.Payload)[^1].Key);
        for (var at = 0; at < message.Payload.Length; at++)
        {
            foreach (var change in new byte[] { 1, 0x80, 0xff })
            {
                var bytes = message.Payload.ToArray();
                bytes[at] ^= change;
                Refuses(receiver, message with { Payload = bytes });
            }
        }

        // The message itself was good all the time, and none of its copies was taken for it.
        Assert.True(receiver.TryOpen(message, out _));
    }

    private static void Refuses(Side receiver, BusMessage message) =>
        Assert.False(receiver.TryOpen(message, out var received) && !received.IsMisaddressed, Convert.ToHexString(message.Payload.Span));

    private static List<(string Key, byte[] Value)> Fields(ReadOnlyMemory<byte> message)
    {
        var reader = new MessagePackReader(message);
        var fields = new List<(string, byte[])>();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var key = reader.ReadString()!;
            var start = (int)reader.Consumed;
            reader.Skip();
            fields.Add((key, message[start..(int)reader.Consumed].ToArray()));
        }

        return fields;
    }

    private static byte[] Join(IEnumerable<(string Key, byte[] Value)> fields)
    {
        using var buffer = new PooledBuffer();
        var writer = new MessagePackWriter(buffer);
        var list = fields.ToList();
        writer.WriteMapHeader(list.Count);
        foreach (var (key, value) in list)
        {
            writer.Write(key);
            writer.WriteRaw(value);
        }

        writer.Flush();
        return buffer.Written.ToArray();
    }

    /// <summary>One node's inbox and outbox.</summary>
    private sealed class Side : IDisposable
    {
        private readonly NodeSigner? _signer;
        private readonly Outbox _outbox;
        private readonly Inbox _inbox;
        private readonly GatedBus _bus = new();

        public Side(KeyRing? keys, string node, NodeRole role, params string[] trusted)
            : this(keys, ClusterDefences.All, node, role, trusted)
        {
        }

        public Side(KeyRing? keys, ClusterDefences defences, string node, NodeRole role, params string[] trusted)
        {
            Identity = new(new("test"), new(node), role);
            _signer = keys is null ? null : new(Identity, keys.File(node), trusted.ToDictionary(id => id, keys.Fingerprint), defences);
            Assert.Null(_signer?.Prepare());
            (_outbox, _inbox) = (new(Identity, _signer), new(Identity, NullLogger.Instance, _signer));
            _bus.Gate.SetResult(InvocationError.None);
        }

        public NodeIdentity Identity { get; }

        public BusMessage Send<T>(string subject, MessageHead head, T body)
            where T : IWireBody<T>
        {
            _outbox.Post(_bus, "lm.v1.test." + subject, null, head, body);
            return new("lm.v1.test." + subject, null, _bus.LastPayload, BusMessageKind.Data);
        }

        public bool TryOpen(BusMessage message, out Received received) => _inbox.TryOpen(message, out received);

        public void Dispose() => _signer?.Dispose();
    }
}
