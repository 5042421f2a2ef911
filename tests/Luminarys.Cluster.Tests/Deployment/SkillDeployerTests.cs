using Luminarys.Cluster.Deployment;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
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

        var deployed = await new SkillDeployer(runtime, Substitute.For<ISkillHost>(), manifests, NullLogger.Instance).DeployAsync(cancellation);

        Assert.Equal(isDeployed, deployed.Length == 1);
        await runtime.Received(isDeployed ? 0 : 1).UnloadAsync(id, Arg.Any<CancellationToken>());
    }
}
