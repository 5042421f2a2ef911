using CsCheck;
using Luminarys.Registry;

namespace Luminarys.Core.Tests.Registry;

public sealed class SkillRegistryTests
{
    private static readonly Gen<RegistryVersion> s_version =
        Gen.Select(Gen.ULong[0, 3], Gen.ULong[0, 5]).Select((epoch, revision) => new RegistryVersion(epoch, revision));

    [Fact]
    public void Current_NothingPublished_IsEmpty() => Assert.Same(RegistrySnapshot.Empty, new SkillRegistry().Current);

    [Fact]
    public void R2_TryPublish_AnySequence_TakesExactlyTheNewer() => s_version.Array[0, 40].Sample(versions =>
    {
        var registry = new SkillRegistry();
        foreach (var version in versions)
        {
            var before = registry.Current;
            var next = new RegistrySnapshot(version, [], []);
            var isNewer = version > before.Version;
            if (registry.TryPublish(next) != isNewer || !ReferenceEquals(registry.Current, isNewer ? next : before))
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void R2_TryPublish_EqualVersion_KeepsTheFirst()
    {
        var registry = new SkillRegistry();
        var first = new RegistrySnapshot(new RegistryVersion(1, 1), [], [TestSkills.Entry("echo")]);
        Assert.True(registry.TryPublish(first));
        Assert.False(registry.TryPublish(new RegistrySnapshot(new RegistryVersion(1, 1), [], [])));
        Assert.Same(first, registry.Current);
    }

    [Fact]
    public void Changed_AnySequence_IsRaisedExactlyWhenPublished() => s_version.Array[0, 40].Sample(versions =>
    {
        var registry = new SkillRegistry();
        var raised = 0;
        registry.Changed += () => raised++;
        foreach (var version in versions)
        {
            var before = raised;
            if (registry.TryPublish(new RegistrySnapshot(version, [], [])) ? raised != before + 1 : raised != before)
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void Changed_Handler_SeesTheNewSnapshot()
    {
        var registry = new SkillRegistry();
        RegistrySnapshot? seen = null;
        registry.Changed += () => seen = registry.Current;
        var next = new RegistrySnapshot(new RegistryVersion(1, 1), [], []);
        registry.TryPublish(next);
        Assert.Same(next, seen);
    }

    [Fact]
    public async Task R2_TryPublish_ManyThreadsInAnyOrder_EndsAtTheNewest()
    {
        const int Threads = 4;
        const int PerThread = 500;
        for (var round = 0; round < 20; round++)
        {
            var registry = new SkillRegistry();
            var raised = 0;
            registry.Changed += () => Interlocked.Increment(ref raised);
            var snapshots = Enumerable.Range(1, Threads * PerThread)
                .Select(revision => new RegistrySnapshot(new RegistryVersion(1, (ulong)revision), [], [])).ToArray();
            new Random(round).Shuffle(snapshots);

            using var start = new Barrier(Threads);
            var publishers = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    return Publish(registry, snapshots.AsSpan(thread * PerThread, PerThread));
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToArray();
            var published = await Task.WhenAll(publishers);

            Assert.Equal(new RegistryVersion(1, Threads * PerThread), registry.Current.Version);
            Assert.Equal(published.Sum(count => count.Published), raised);
            Assert.All(published, count => Assert.False(count.WentBack, "A reader saw an older snapshot after a newer one."));
        }
    }

    [Fact]
    public void TryPublish_Nothing_Throws() => Assert.Throws<ArgumentNullException>(() => new SkillRegistry().TryPublish(null!));

    private static (int Published, bool WentBack) Publish(SkillRegistry registry, ReadOnlySpan<RegistrySnapshot> snapshots)
    {
        var published = 0;
        var wentBack = false;
        var last = registry.Current.Version;
        foreach (var snapshot in snapshots)
        {
            published += registry.TryPublish(snapshot) ? 1 : 0;
            var now = registry.Current.Version;
            wentBack |= now < last || now < snapshot.Version;
            last = now;
        }

        return (published, wentBack);
    }
}
