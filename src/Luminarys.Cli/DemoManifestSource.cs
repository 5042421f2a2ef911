using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Cli;

/// <summary>The echo skill that a host without configuration offers.</summary>
internal sealed class DemoManifestSource : IManifestSource
{
    private static readonly string s_module = Path.Combine(AppContext.BaseDirectory, "demo", "echo.wasm");

    public ValueTask<IReadOnlyList<ManifestResult>> ReadAsync(CancellationToken cancellationToken) =>
        new([new ManifestResult(s_module, new Manifest(new SkillId("echo-skill"), s_module, s_module), [])]);
}
