using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Core.Tests.Manifests;

public sealed class ManifestTests
{
    [Fact]
    public void Constructor_NothingElseSaid_GrantsNothing()
    {
        var manifest = new Manifest(new SkillId("echo"), "echo.yaml", "/skills/echo.wasm");
        Assert.Same(PermissionSet.None, manifest.Permissions);
        Assert.Same(InvokePolicy.None, manifest.InvokePolicy);
        Assert.Same(McpMapping.Default, manifest.Mcp);
        Assert.Equal(new SkillLimits(null, null, null, null, null), manifest.Limits);
        Assert.Null(manifest.Digest);
        Assert.Empty(manifest.Secrets);
        Assert.Empty(manifest.Methods);
    }
}
