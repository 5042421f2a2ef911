using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace Luminarys.Cluster.Tests.Deployment;

public sealed class SkillDeployerTests
{
    [Theory]
    [InlineData(1_000, true)]
    [InlineData(600_000, false)]
    public async Task DeployAsync_SkillThatNoMessageCanHold_IsLeftOutAndUnloaded(int descriptionLength, bool isDeployed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var id = new SkillId("wordy");
        var method = new SkillMethod("talk", new string('x', descriptionLength), []);
        var descriptor = new SkillDescriptor(new PackageId("a.b.c"), "", "", "", [method], [], 0);
        var skill = new Skill(id, descriptor, new PackageDigest(""), "", McpMapping.Default);
        var runtime = Substitute.For<ISkillRuntime>();
        runtime.LoadAsync(default!, default!, cancellation).ReturnsForAnyArgs(SkillLoadResult.Loaded(skill, []));
        var manifests = Substitute.For<IManifestSource>();
        manifests.ReadAsync(cancellation).ReturnsForAnyArgs([new ManifestResult("wordy.yaml", new Manifest(id, "wordy.yaml", "/wordy.wasm"), [])]);

        var deployed = await new SkillDeployer(new(runtime, manifests, Substitute.For<IEventPublisher>(), new MemoryStateStore()), Substitute.For<ISkillHost>(), NullLogger.Instance)
            .DeployAsync(cancellation);

        Assert.Equal(isDeployed, deployed.Length == 1);
        await runtime.Received(isDeployed ? 0 : 1).UnloadAsync(id, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task DeployAsync_RuntimeThrows_LeavesOutThatSkillAndGoesOn()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var runtime = Substitute.For<ISkillRuntime>();
        runtime.LoadAsync(Arg.Is<Manifest>(manifest => manifest.Id.Value == "good"), Arg.Any<ISkillHost>(), Arg.Any<CancellationToken>())
            .Returns(SkillLoadResult.Loaded(Samples.Skill("good"), []));
        runtime.LoadAsync(Arg.Is<Manifest>(manifest => manifest.Id.Value == "bad"), Arg.Any<ISkillHost>(), Arg.Any<CancellationToken>())
            .Returns<SkillLoadResult>(_ => throw new InvalidOperationException("a defect"));
        var manifests = Substitute.For<IManifestSource>();
        manifests.ReadAsync(cancellation).ReturnsForAnyArgs([TestNode.Named("bad"), TestNode.Named("good")]);

        var deployed = await new SkillDeployer(new(runtime, manifests, Substitute.For<IEventPublisher>(), new MemoryStateStore()), Substitute.For<ISkillHost>(), NullLogger.Instance)
            .DeployAsync(cancellation);

        Assert.Equal("good", Assert.Single(deployed).Id.Value);
    }

    [Theory]
    [InlineData("1", "1", 0)]
    [InlineData("1", "2", 1)]
    [InlineData("", "", 1)]
    public async Task ReloadAsync_ReplacesWhatHasAnotherContentOrWhoseContentIsNotKnown(string before, string after, int replaced)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var runtime = Substitute.For<ISkillRuntime>();
        runtime.LoadAsync(default!, default!, cancellation).ReturnsForAnyArgs(SkillLoadResult.Loaded(Samples.Skill("x"), []));
        runtime.ReplaceAsync(default!, default!, cancellation).ReturnsForAnyArgs(SkillLoadResult.Loaded(Samples.Skill("x"), []));
        var manifests = Substitute.For<IManifestSource>();
        manifests.ReadAsync(cancellation).ReturnsForAnyArgs([TestNode.Named("x", before)], [TestNode.Named("x", after)]);
        var deployer = new SkillDeployer(new(runtime, manifests, Substitute.For<IEventPublisher>(), new MemoryStateStore()), Substitute.For<ISkillHost>(), NullLogger.Instance);

        await deployer.DeployAsync(cancellation);
        var change = await deployer.ReloadAsync(cancellation);

        Assert.Equal(replaced, runtime.ReceivedCalls().Count(call => call.GetMethodInfo().Name == nameof(ISkillRuntime.ReplaceAsync)));
        Assert.Equal(replaced == 0, change is null);
    }

    [Fact]
    public async Task ReloadAsync_ManifestNamesAnotherIdNow_TheOldOneLeavesOnceTheNewOneRuns()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var runtime = new FakeRuntime();
        var manifests = Substitute.For<IManifestSource>();
        var (old, broken, renamed) = (TestNode.Named("old"), TestNode.Named("broken-new", "2"), TestNode.Named("new", "3"));
        manifests.ReadAsync(cancellation).ReturnsForAnyArgs([old], [broken with { Source = "old" }], [renamed with { Source = "old" }]);
        var deployer = new SkillDeployer(new(runtime, manifests, Substitute.For<IEventPublisher>(), new MemoryStateStore()), Substitute.For<ISkillHost>(), NullLogger.Instance);

        await deployer.DeployAsync(cancellation);
        var failed = await deployer.ReloadAsync(cancellation);
        var change = await deployer.ReloadAsync(cancellation);
        deployer.Unload(change!);

        Assert.Null(failed);
        Assert.Equal("new", Assert.Single(change!.Skills).Id.Value);
        Assert.Equal("old", Assert.Single(change.Leaving).Value);
        Assert.False(runtime.Has("old"));
        Assert.True(runtime.Has("new"));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task DeployAsync_SkillThatLeftTheConfiguration_LosesItsSchedules(bool hasBrokenManifest, int left)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (stays, gone) = (new SkillId("stays"), new SkillId("gone"));
        var states = new MemoryStateStore();
        foreach (var skill in new[] { stays, gone })
        {
            await states.AddScheduleAsync(new Schedule(Guid.CreateVersion7(), skill, "m", default, DateTimeOffset.MaxValue), cancellation);
        }

        // The one that stays does not even load.
        var runtime = Substitute.For<ISkillRuntime>();
        runtime.LoadAsync(default!, default!, cancellation).ReturnsForAnyArgs(SkillLoadResult.Failed("broken module"));
        List<ManifestResult> results = [new("stays.yaml", new Manifest(stays, "stays.yaml", "/stays.wasm"), [])];
        results.AddRange(hasBrokenManifest ? [new ManifestResult("broken.yaml", null, [])] : []);
        var manifests = Substitute.For<IManifestSource>();
        manifests.ReadAsync(cancellation).ReturnsForAnyArgs(results);

        await new SkillDeployer(new(runtime, manifests, Substitute.For<IEventPublisher>(), states), Substitute.For<ISkillHost>(), NullLogger.Instance)
            .DeployAsync(cancellation);

        Assert.Single(await states.ReadSchedulesAsync(stays, cancellation));
        Assert.Equal(left - 1, (await states.ReadSchedulesAsync(gone, cancellation)).Length);
    }
}
