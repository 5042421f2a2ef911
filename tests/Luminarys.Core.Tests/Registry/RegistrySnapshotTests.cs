using CsCheck;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;

namespace Luminarys.Core.Tests.Registry;

public sealed class RegistrySnapshotTests
{
    private static readonly Gen<string[]> s_ids =
        IdTexts.Of(IdTexts.Letters, 1, 4).Array[0, 30].Select(ids => ids.Distinct(StringComparer.Ordinal).ToArray());

    [Fact]
    public void Find_EveryEntry_IsFoundAndNothingElse() => s_ids.Sample(ids =>
    {
        var entries = ids.Select(id => TestSkills.Entry(id)).ToArray();
        var snapshot = new RegistrySnapshot(new RegistryVersion(1, 1), [], entries);
        return entries.All(entry => ReferenceEquals(snapshot.Find(entry.Skill.Id), entry))
            && snapshot.Find(new SkillId("not-among-them")) is null;
    });

    [Fact]
    public void Entries_AnyInputOrder_AreOrderedByOrdinalId() => Gen.Select(s_ids, Gen.Int).Sample((ids, seed) =>
    {
        var snapshot = new RegistrySnapshot(default, [], Shuffled(ids, seed).Select(id => TestSkills.Entry(id)));
        return snapshot.Entries.Select(entry => entry.Skill.Id.Value).SequenceEqual(ids.Order(StringComparer.Ordinal));
    });

    [Fact]
    public void Nodes_AnyInputOrder_AreTheMasterThenOrderedById() => Gen.Select(s_ids, Gen.Int).Sample((ids, seed) =>
    {
        var nodes = ids.Select(id => TestSkills.Node(id)).Append(TestSkills.Node("zz-master", NodeRole.Master)).ToArray();
        var snapshot = new RegistrySnapshot(default, Shuffled(nodes, seed), []);
        return snapshot.Nodes.Select(node => node.Id.Value).SequenceEqual(ids.Order(StringComparer.Ordinal).Prepend("zz-master"));
    });

    [Fact]
    public void Find_OtherCase_IsNotFound() =>
        Assert.Null(new RegistrySnapshot(default, [], [TestSkills.Entry("echo")]).Find(new SkillId("Echo")));

    [Fact]
    public void Find_DefaultId_IsNotFound() =>
        Assert.Null(new RegistrySnapshot(default, [], [TestSkills.Entry("echo")]).Find(default));

    [Fact]
    public void Find_KnownAndUnknownId_AllocatesNothing()
    {
        var snapshot = new RegistrySnapshot(default, [], Enumerable.Range(0, 50).Select(number => TestSkills.Entry($"skill-{number}")));
        var known = new SkillId("skill-17");
        var unknown = new SkillId("skill-99");
        FindBoth();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            FindBoth();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void FindBoth()
        {
            _ = snapshot.Find(known);
            _ = snapshot.Find(unknown);
        }
    }

    [Fact]
    public void Constructor_SameSkillTwice_Throws()
    {
        var exception = Assert.Throws<ArgumentException>(
            () => new RegistrySnapshot(default, [], [TestSkills.Entry("echo", "one"), TestSkills.Entry("ping"), TestSkills.Entry("echo", "two")]));

        Assert.Equal("entries", exception.ParamName);
        Assert.Contains("Two entries have the same skill id: echo.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_Always_IsVersionZeroWithoutContent()
    {
        Assert.Equal(default, RegistrySnapshot.Empty.Version);
        Assert.Empty(RegistrySnapshot.Empty.Nodes);
        Assert.Empty(RegistrySnapshot.Empty.Entries);
    }

    [Theory]
    [InlineData(1, 0, 0, 9, true)]
    [InlineData(1, 2, 1, 1, true)]
    [InlineData(1, 1, 1, 1, false)]
    [InlineData(1, 1, 1, 2, false)]
    [InlineData(0, 9, 1, 0, false)]
    public void R2_IsSuccessorTo_OnlyOfAnOlderVersion(ulong epoch, ulong revision, ulong otherEpoch, ulong otherRevision, bool successor)
    {
        var snapshot = new RegistrySnapshot(new RegistryVersion(epoch, revision), [], []);
        Assert.Equal(successor, snapshot.IsSuccessorTo(new RegistrySnapshot(new RegistryVersion(otherEpoch, otherRevision), [], [])));
    }

    [Fact]
    public void IsSuccessorTo_Nothing_Throws() =>
        Assert.Throws<ArgumentNullException>(() => RegistrySnapshot.Empty.IsSuccessorTo(null!));

    private static T[] Shuffled<T>(T[] items, int seed)
    {
        var shuffled = items.ToArray();
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }
}
