using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Tests;

/// <summary>The permissions against the subjects of the protocol: whoever adds a subject sees here that a server with users lets it through.</summary>
public sealed class BusPermissionsTests
{
    private static readonly ClusterId s_cluster = new("prod");
    private static readonly NodeId s_master = new("master");
    private static readonly NodeId s_slave = new("slave-1");
    private static readonly NodeId s_other = new("slave-2");
    private static readonly CallId s_id = new(new Guid("0193a5c0-7f00-7000-8000-0123456789ab"));
    private static readonly Subjects s_subjects = new(s_cluster);

    private static readonly string[] s_types =
    [
        MessageTypes.Hello, MessageTypes.Register, MessageTypes.Deregister, MessageTypes.Heartbeat, MessageTypes.Snapshot, MessageTypes.Epoch, MessageTypes.Sync,
        MessageTypes.Call, MessageTypes.Cancel, MessageTypes.Query, MessageTypes.Part, MessageTypes.More, MessageTypes.Event, MessageTypes.KeyValue,
    ];

    [Fact]
    public void Slave_SpeaksInItsOwnNameOnly()
    {
        var permissions = BusPermissions.OfSlave(s_cluster, s_slave);

        Assert.All(Said(s_slave), subject => Assert.True(MayPublish(permissions, subject), subject));
        Assert.All([.. Said(s_other), .. Said(s_master), .. Told(s_slave), .. Told(s_other), .. Broadcast()], subject => Assert.False(MayPublish(permissions, subject), subject));
    }

    [Fact]
    public void Slave_HearsWhatIsMeantForIt()
    {
        var permissions = BusPermissions.OfSlave(s_cluster, s_slave);

        Assert.All([.. Told(s_slave), .. Broadcast()], subject => Assert.True(Covers(permissions.Subscribe, subject), subject));
        Assert.All([.. Told(s_other), .. Said(s_slave), .. Said(s_other)], subject => Assert.False(Covers(permissions.Subscribe, subject), subject));
    }

    [Fact]
    public void Master_SpeaksToEveryNodeAndHearsEveryNode_ButSpeaksForNone()
    {
        var permissions = BusPermissions.OfMaster(s_cluster, s_master);

        Assert.All([.. Told(s_slave), .. Told(s_other), .. Broadcast(), .. Said(s_master)], subject => Assert.True(MayPublish(permissions, subject), subject));
        Assert.All(Said(s_slave), subject => Assert.False(MayPublish(permissions, subject), subject));
        Assert.All([.. Said(s_slave), .. Said(s_other), s_subjects.AnswerToNode(s_master, s_id), s_subjects.Beacon], subject => Assert.True(Covers(permissions.Subscribe, subject), subject));
        Assert.All([.. Told(s_slave), .. Told(s_other)], subject => Assert.False(Covers(permissions.Subscribe, subject), subject));
    }

    [Fact]
    public void Operator_OffersNoSkillAndTellsNodesNothing()
    {
        var user = new NodeId("op-cli");
        var permissions = BusPermissions.OfOperator(s_cluster, user);

        Assert.True(MayPublish(permissions, s_subjects.ToMaster(user, MessageTypes.Hello)));
        Assert.True(MayPublish(permissions, s_subjects.ToMaster(user, MessageTypes.Call)));
        Assert.All(
            [MessageTypes.Register, MessageTypes.Event, MessageTypes.KeyValue],
            type => Assert.False(MayPublish(permissions, s_subjects.ToMaster(user, type)), type));
    }

    [Fact]
    public void Tunnel_IsWrittenByItsSenderAndHeardByItsReceiverOnly()
    {
        var (slave, other) = (BusPermissions.OfSlave(s_cluster, s_slave), BusPermissions.OfSlave(s_cluster, s_other));
        var (master, user) = (BusPermissions.OfMaster(s_cluster, s_master), BusPermissions.OfOperator(s_cluster, new("op-cli")));
        var tunnel = s_subjects.Tunnel(s_slave, s_other, 7);

        Assert.True(MayPublish(slave, tunnel) && Covers(other.Subscribe, tunnel));
        Assert.True(MayPublish(master, s_subjects.Tunnel(s_master, s_slave, 7)) && Covers(master.Subscribe, s_subjects.Tunnel(s_slave, s_master, 7)));
        Assert.All([other, master, user], permissions => Assert.False(MayPublish(permissions, tunnel)));
        Assert.All([slave, master, user], permissions => Assert.False(Covers(permissions.Subscribe, tunnel)));
    }

    private static string[] Said(NodeId node) =>
        [.. s_types.Select(type => s_subjects.ToMaster(node, type)), s_subjects.AnswerToMaster(node, s_id), s_subjects.Frames(node, s_id)];

    private static string[] Told(NodeId node) =>
    [
        .. s_types.Select(type => s_subjects.ToNode(node, type)), s_subjects.AnswerToNode(node, s_id), s_subjects.FramesToNode(node, s_id),
        s_subjects.Ping(node, Samples.Instance(1)),
    ];

    private static string[] Broadcast() => [s_subjects.Beacon, s_subjects.Registry];

    private static bool MayPublish(BusPermissions permissions, string subject) =>
        Covers(permissions.Publish, subject) && !permissions.PublishDenied.Contains(subject);

    private static bool Covers(IEnumerable<string> patterns, string subject) => patterns.Any(pattern => Covers(pattern.Split('.'), subject.Split('.')));

    private static bool Covers(string[] pattern, string[] subject)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == ">")
            {
                return subject.Length > i;
            }

            if (i >= subject.Length || (pattern[i] != "*" && pattern[i] != subject[i]))
            {
                return false;
            }
        }

        return pattern.Length == subject.Length;
    }
}
