using System.Collections.Immutable;
using CsCheck;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Cluster.Tests.Master;

/// <summary>R-3: registration is idempotent, and on distinct names its order does not matter.</summary>
public sealed class RegistrationMergeTests
{
    private static readonly TimeSpan s_ttl = TimeSpan.FromSeconds(15);
    private static readonly string[] s_nodes = ["a", "b", "c"];

    /// <summary>A node sends its list of a revision; what the list holds follows from both.</summary>
    private readonly record struct Sending(int Node, int Revision);

    private static readonly Gen<ImmutableArray<Sending>> s_repeats =
        Gen.Select(Gen.Int[0, 2], Gen.Int[1, 3]).Array[0, 12].Select(pairs => pairs.Select(pair => new Sending(pair.Item1, pair.Item2)).ToImmutableArray());

    [Fact]
    public void R3_OwnNames_AnyOrderWithAnyRepeats_GivesTheSameRegistry()
    {
        var last = ImmutableArray.Create(new Sending(0, 3), new Sending(1, 3), new Sending(2, 3));
        var expected = Run(last, isShared: false);

        Gen.Select(s_repeats, Gen.Shuffle(last.ToArray()), s_repeats).Sample(
            sample => Run([.. sample.Item1, .. sample.Item2, .. sample.Item3], isShared: false) == expected, iter: 3000);
    }

    [Fact]
    public void R3_SharedNames_RepeatsOfWhatCameBefore_ChangeNothing() => s_repeats.Sample(
        first =>
        {
            var log = first.Add(new(0, 1));
            var repeated = log.SelectMany((_, index) => log.Take(index + 1).Where((_, earlier) => (earlier + index) % 2 == 0).Append(log[index]));
            return Run(log, isShared: true) == Run([.. repeated], isShared: true);
        },
        iter: 3000);

    [Fact]
    public void R3_ListRevisionsOff_AnOlderListComesBack()
    {
        ImmutableArray<Sending> log = [new(0, 3), new(0, 1)];

        Assert.Equal(Run([new(0, 3)], isShared: false), Run(log, isShared: false));
        Assert.NotEqual(Run([new(0, 3)], isShared: false), Run(log, isShared: false, new() { ListRevisions = false }));
    }

    private static string Run(ImmutableArray<Sending> log, bool isShared, ClusterDefences? defences = null)
    {
        var self = new Node(new("master"), NodeRole.Master, NodeState.Alive, 1, Samples.Instance(100));
        var directory = new NodeDirectory(self, new(TimeSpan.FromSeconds(5), s_ttl), new(), new(self.Id, s_ttl), defences);
        directory.TakeOffice(1, SkillList.Empty, TimeSpan.Zero);
        for (var node = 0; node < s_nodes.Length; node++)
        {
            directory.Hello(Sender(node), Samples.Hello, TimeSpan.Zero);
        }

        foreach (var sending in log)
        {
            directory.Register(Sender(sending.Node), Samples.Registration(List(sending, isShared), (ulong)sending.Revision), TimeSpan.Zero);
        }

        var offers = directory.Snapshot.Entries.Select(entry => $"{entry.Skill.Id}@{entry.Node}")
            .Concat(directory.Snapshot.Replicas.Select(entry => $"({entry.Skill.Id}@{entry.Node})"))
            .Concat(directory.Refused.Select(refused => $"!{refused.Skill}@{refused.Node}").Order(StringComparer.Ordinal));
        return string.Join(' ', offers) + directory.Copy.Digest;
    }

    private static SkillList List(Sending sending, bool isShared)
    {
        var prefix = isShared ? "s" : s_nodes[sending.Node];
        PackageDigest Digest(int skill) => (sending.Node + skill) % 2 == 0 ? Samples.One : Samples.Two;
        return SkillList.Of(Enumerable.Range(0, sending.Revision).Select(skill => Samples.Skill($"{prefix}{skill}", Digest(skill))));
    }

    private static Sender Sender(int node) => Samples.Sender(s_nodes[node], node + 1);
}
