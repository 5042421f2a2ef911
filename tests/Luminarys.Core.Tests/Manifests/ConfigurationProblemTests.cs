using Luminarys.Manifests;

namespace Luminarys.Core.Tests.Manifests;

public sealed class ConfigurationProblemTests
{
    [Theory]
    [InlineData(ConfigurationSeverity.Error, 7, "cluster.node_id", "master.yaml:7: error: cluster.node_id: Too long.")]
    [InlineData(ConfigurationSeverity.Warning, 7, "cluster.node_id", "master.yaml:7: warning: cluster.node_id: Too long.")]
    [InlineData(ConfigurationSeverity.Error, 0, "cluster.node_id", "master.yaml: error: cluster.node_id: Too long.")]
    [InlineData(ConfigurationSeverity.Error, 7, "", "master.yaml:7: error: Too long.")]
    [InlineData(ConfigurationSeverity.Error, 0, "", "master.yaml: error: Too long.")]
    public void ToString_EachForm_IsOneLineThatSaysWhere(ConfigurationSeverity severity, int line, string key, string text) =>
        Assert.Equal(text, new ConfigurationProblem(severity, "master.yaml", line, key, "Too long.").ToString());
}
