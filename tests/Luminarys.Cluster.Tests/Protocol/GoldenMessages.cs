using System.Security.Cryptography;
using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Cluster.Transfers;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Tests.Protocol;

/// <summary>One message of every kind with fixed content, and its bytes.</summary>
internal static class GoldenMessages
{
    private static readonly CallId s_id = new(new Guid("0193a5c0-7f00-7000-8000-0123456789ab"));
    private static readonly Digest128 s_digest = new(UInt128.Parse("00112233445566778899aabbccddeeff", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture));

    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["hello"] = ToMaster("hello", new HelloMessage(1, 1, NodeRole.Slave, 123_456) { TakesBundles = true }),
        ["hello-answer"] = ToNode("hello", new AnswerMessage { Code = InvocationError.None, Revision = 17, Digest = s_digest, MaxIncarnation = 42, HeartbeatMs = 5000, TtlMs = 15000 }),
        ["hello-stale"] = ToNode("hello", new AnswerMessage { Code = InvocationError.Stale, MaxIncarnation = 41 }),
        ["reg"] = ToMaster("reg", Samples.Registration(SkillListOf(), 3)),
        ["reg-answer"] = ToNode("reg", new AnswerMessage { Code = InvocationError.None, Revision = 18, RegistrationRevision = 3 }),
        ["reg-hints"] = ToMaster("reg", Samples.Registration(SkillList.Of([Samples.HintedSkill()]), 4)),
        ["dereg"] = ToMaster("dereg", new DeregisterMessage(true)),
        ["hb"] = ToMaster("hb", new HeartbeatMessage(false, 3, s_digest, 18, 2, 62, 128_456)),
        ["hb-answer"] = ToNode("hb", new AnswerMessage { Code = InvocationError.None, Revision = 18, Digest = s_digest, Done = 99, T0 = 654_321 }),
        ["hb-stale-epoch"] = ToNode("hb", new AnswerMessage { Code = InvocationError.StaleEpoch, HighestEpoch = 8 }),
        ["snap"] = ToMaster("snap", new SnapshotRequest("slave-1")),
        ["snap-answer"] = ToNode("snap", new SnapshotMessage(InvocationError.None, 18, s_digest, true, [Copy()])),
        ["epoch"] = ToMaster("epoch", new AnswerMessage { Code = InvocationError.StaleEpoch, HighestEpoch = 8 }),
        ["sync"] = ToNode("sync", EmptyMessage.Instance),
        ["ping"] = ToNode("ping", EmptyMessage.Instance),
        ["ping-answer"] = ToMaster("ping", AnswerMessage.Ok),
        ["call"] = ToNode("call", new CallMessage
        {
            Number = 100,
            Done = 99,
            Skill = new("echo"),
            Method = "ping",
            Caller = new(CallerKind.Skill, new("other")),
            Depth = 1,
            Root = new(new Guid("01900000-0000-7000-8000-000000000001")),
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            SessionId = "session",
            LeftMs = 900_000,
            Payload = new byte[] { 0x80 },
        }, new ClockEcho(123_456, 700)),
        ["call-open"] = ToNode("call", new CallMessage
        {
            Number = 200,
            Done = 100,
            Open = [101, 150],
            Skill = new("echo"),
            Method = "ping",
            LeftMs = 900_000,
            Payload = new byte[] { 0x80 },
        }, new ClockEcho(123_456, 700)),
        ["call-claim"] = ToNode("call", new CallMessage
        {
            Number = 101,
            Done = 99,
            Skill = new("echo"),
            Method = "ping",
            LeftMs = 900_000,
            Claim = Claim(),
        }, new ClockEcho(123_456, 700)),
        ["skill-call"] = ToThisMaster("call", new CallMessage
        {
            Number = 7,
            Done = 6,
            Skill = new("far"),
            Method = "ping",
            Caller = new(CallerKind.Skill, new("echo")),
            Depth = 2,
            Root = new(new Guid("01900000-0000-7000-8000-000000000001")),
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            SessionId = "session",
            LeftMs = 900_000,
            Payload = new byte[] { 0x80 },
        }),
        ["skill-call-cancel"] = ToThisMaster("cancel", new CancelMessage(7, 1)),
        ["skill-call-query"] = ToThisMaster("query", new QueryMessage([(s_id, 7), (s_id, 8)], 42)),
        ["skill-call-frame-reject"] = ToNode("frame", new CallFrame(CallFrameKind.Reject, 7) { Code = InvocationError.Denied, Text = "the node does not have the skill in whose name it calls" }),
        ["skill-call-frame-result"] = ToNode("frame", new CallFrame(CallFrameKind.Result, 7) { Payload = new byte[] { 0xa4, 0x70, 0x6f, 0x6e, 0x67 } }),
        ["query"] = ToNode("query", new QueryMessage([(s_id, 100), (s_id, 101)])),
        ["cancel"] = ToNode("cancel", new CancelMessage(100, 1)),
        ["frame-ack"] = ToMaster("frame", new CallFrame(CallFrameKind.Ack, 100)),
        ["frame-reject"] = ToMaster("frame", new CallFrame(CallFrameKind.Reject, 100) { Code = InvocationError.Busy, Text = "all places of the node are taken" }),
        ["frame-progress"] = ToMaster("frame", new CallFrame(CallFrameKind.Progress, 100)),
        ["frame-result"] = ToMaster("frame", new CallFrame(CallFrameKind.Result, 100) { Payload = new byte[] { 0xa4, 0x70, 0x6f, 0x6e, 0x67 }, LlmContext = "more" }),
        ["frame-error"] = ToMaster("frame", new CallFrame(CallFrameKind.Error, 100) { Code = InvocationError.SkillTrap, Text = "unreachable" }),
        ["frame-result-claim"] = ToMaster("frame", new CallFrame(CallFrameKind.Result, 100) { Claim = Claim(), LlmContext = "more" }),
        ["more"] = ToMaster("more", new MoreMessage(8, 4)),
        ["part"] = ToNode("part", new PartMessage(11, new byte[] { 0xa4, 0x70, 0x6f, 0x6e, 0x67 })),
        ["event"] = ToMaster("event", new EventMessage(new("news", new byte[] { 0xa5, 0x68, 0x65, 0x6c, 0x6c, 0x6f }, new("echo"))
        {
            Root = new(new Guid("01900000-0000-7000-8000-000000000001")),
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            Depth = 2,
        })),
        ["event-to-node"] = ToNode("event", new EventMessage(new("news", default, new("echo")))),
        ["kv-get"] = ToMaster("kv", new KeyValueMessage(KeyValueOperation.Get, new("", "counter"), default)),
        ["kv-set"] = ToMaster("kv", new KeyValueMessage(KeyValueOperation.Set, new("", "counter"), new byte[] { 0x2a })),
        ["kv-answer"] = ToNode("kv", new AnswerMessage { Code = InvocationError.None, Value = new byte[] { 0x2a } }),
        ["kv-missing"] = ToNode("kv", AnswerMessage.Ok),
        ["kv-refused"] = ToNode("kv", new AnswerMessage { Code = InvocationError.Busy, Text = "too many requests for shared values wait" }),
        ["xfer-start"] = ToThisMaster("xfer", new TransferMessage(TransferAct.Start, Transfer) { Plan = Plan }),
        ["xfer-send"] = ToNode("xfer", new TransferMessage(TransferAct.Send, Transfer) { Plan = Plan }),
        ["xfer-offer"] = ToThisMaster("xfer", new TransferMessage(TransferAct.Offer, Transfer) { Offer = TransferWire.ToBytes(Offer) }),
        ["xfer-offer-to-node"] = ToNode("xfer", new TransferMessage(TransferAct.Offer, Transfer) { Offer = TransferWire.ToBytes(Offer), Ticket = Ticket(TransferRole.Sink, "slave-2") }),
        ["xfer-report"] = ToThisMaster("xfer", new TransferMessage(TransferAct.Report, Transfer) { Report = Report }),
        ["xfer-status"] = ToThisMaster("xfer", new TransferMessage(TransferAct.Status, Transfer)),
        ["xfer-cancel"] = ToThisMaster("xfer", new TransferMessage(TransferAct.Cancel, Transfer)),
        ["xfer-list"] = ToMaster("xfer", new TransferMessage(TransferAct.List, 0)),
        ["xfer-answer"] = ToNode("xfer", TransferRequests.Wrap(TransferAnswer.Ok)),
        ["xfer-answer-accepted"] = ToNode("xfer", TransferRequests.Wrap(TransferAnswer.Ok with { Acceptance = TransferWire.ToBytes(Acceptance), Ticket = Ticket(TransferRole.Source, "slave-1") })),
        ["xfer-answer-already"] = ToMaster("xfer", TransferRequests.Wrap(TransferAnswer.Ok with { Hash = ContentHash.OfNothing })),
        ["xfer-answer-refused"] = ToMaster("xfer", TransferRequests.Wrap(new(TransferFault.Denied, "node 'slave-2' does not share files with 'slave-1': its cluster.file_transfer.allowed_nodes says so"))),
        ["xfer-answer-reports"] = ToNode("xfer", TransferRequests.Wrap(TransferAnswer.Ok with { Reports = [Report, Ended] })),
        ["beacon"] = ToAll("master", new BeaconMessage(BeaconKind.Online, 1, s_digest)),
        ["delta"] = ToAll("reg", new DeltaMessage(19, 18, s_digest, [Copy()], [new("slave-2")])),
    };

    /// <summary>What the answers to transfer messages hold.</summary>
    public static IEnumerable<string> TransferAnswers => All.Keys.Where(name => name.StartsWith("xfer-answer", StringComparison.Ordinal));

    private static UInt128 Transfer => s_digest.Value;

    private static TransferPlan Plan => new(new("slave-1"), "/data/a", new("slave-2"), "/in/a", new("slave-1"))
    {
        Skill = "files",
        Root = new(new Guid("01900000-0000-7000-8000-000000000001")),
    };

    private static TransferOffer Offer => new(Plan, Transfer, 1, 1_000_000, 258, (UnixFileMode)0x1A4) { PublicKey = Point(0x11) };

    private static TransferAcceptance Acceptance => new(Transfer, 1) { PublicKey = Point(0x22) };

    private static TransferReport Report => new(Transfer, Plan, TransferPhase.Running) { Length = 1_000_000, Sent = 600_000, Durable = 500_000, Rate = 300_000, Attempt = 1 };

    private static TransferReport Ended => new(Transfer + 1, new(new("slave-1"), "/data/a", new("master"), "/in/a", new("op-12345678")) { Overwrites = false }, TransferPhase.Ended)
    {
        Attempt = 2,
        Hash = ContentHash.OfNothing,
    };

    public static SkillList SkillListOf() => SkillList.Of([Samples.Skill("echo"), Samples.RichSkill()]);

    private static PayloadClaim Claim() =>
        new(new(new Guid("01900000-0000-7000-8000-000000000002")), 3_000_000, 256 * 1024, SHA256.HashData("the payload"u8));

    private static NodeCopy Copy() => new(
        new("slave-1"), NodeRole.Slave, false, 42, Samples.Instance(7), s_digest,
        [new(new("echo"), Samples.One, false), new(new("far"), Samples.Two, true)]);

    // No points of the curve: nobody computes with them here.
    private static byte[] Point(byte fill) => [4, .. Enumerable.Repeat(fill, 64)];

    private static TransferTicket Ticket(TransferRole role, string node) => new(Transfer, role, new(node), DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000))
    {
        Attempt = 1,
        RelayAddress = "relay.example:4223",
        Sealed = new byte[] { 1, 2, 3 },
        JoinKey = Enumerable.Repeat((byte)0x33, 32).ToArray(),
    };

    /// <summary>Messages that travel together; each of them is one of the others.</summary>
    public static IReadOnlyDictionary<string, byte[]> Bundles { get; } = new Dictionary<string, byte[]>
    {
        ["bundle-calls"] = Bundled("call-open", "call-claim"),
        ["bundle-frames"] = Bundled("frame-result", "frame-error"),
    };

    private static byte[] Bundled(params string[] names)
    {
        using var buffer = new PooledBuffer();
        Bundle.Write(buffer, [.. names.Select(name => (s_id, (ReadOnlyMemory<byte>)All[name]))]);
        return buffer.Written.ToArray();
    }

    private static byte[] ToMaster<T>(string type, T body)
        where T : IWireBody<T> => Encode(Head(type, "slave-1", 42, 7), body);

    private static byte[] ToThisMaster<T>(string type, T body)
        where T : IWireBody<T> => Encode(Head(type, "slave-1", 42, 7) with { ToInstance = Samples.Instance(9) }, body);

    private static byte[] ToNode<T>(string type, T body, ClockEcho? clock = null)
        where T : IWireBody<T> => Encode(Head(type, "master", 1, 9) with { ToInstance = Samples.Instance(7), Clock = clock }, body);

    private static byte[] ToAll<T>(string type, T body)
        where T : IWireBody<T> => Encode(Head(type, "master", 1, 9), body);

    private static Envelope Head(string type, string node, ulong incarnation, int instance) => new()
    {
        Type = type,
        Cluster = new("prod"),
        Source = new(node),
        Incarnation = incarnation,
        Instance = Samples.Instance(instance),
        Epoch = 8,
        Sequence = 1234,
        Id = s_id,
        TtlMs = 15_000,
    };

    private static byte[] Encode<T>(Envelope envelope, T body)
        where T : IWireBody<T>
    {
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(buffer, envelope, body);
        return buffer.Written.ToArray();
    }
}
