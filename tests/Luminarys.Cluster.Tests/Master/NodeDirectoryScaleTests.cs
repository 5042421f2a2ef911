using Luminarys.Cluster.Master;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Tests.Master;

public sealed class NodeDirectoryScaleTests
{
    private const int Nodes = 200;
    private const int SkillsPerNode = 50;
    private static readonly TimeSpan s_now = TimeSpan.FromSeconds(1);

    [Fact]
    public void Register_ManyNodesBetweenTwoLooks_MakesOneVersionOfAllTheirSkills()
    {
        var peers = new PeerTable();
        var self = new Node(new("master"), NodeRole.Master, NodeState.Alive, 1, Samples.Instance(1000));
        var directory = new NodeDirectory(
            self, new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)), peers, new(self.Id, TimeSpan.FromSeconds(15)));
        directory.TakeOffice(1, Samples.List(), s_now);
        var before = directory.Copy.Version;

        for (var node = 0; node < Nodes; node++)
        {
            var sender = Samples.Sender($"node-{node}", instance: node + 1);
            string[] skills = [.. Enumerable.Range(0, SkillsPerNode).Select(skill => $"skill-{node}-{skill}").Order(StringComparer.Ordinal)];
            directory.Hello(sender, Samples.Hello, s_now);
            directory.Register(sender, Samples.Registration(Samples.List(skills)), s_now);
        }

        Assert.Equal(Nodes * SkillsPerNode, directory.Snapshot.Entries.Length);
        Assert.Equal(before with { Revision = before.Revision + 1 }, directory.Copy.Version);
    }
}
