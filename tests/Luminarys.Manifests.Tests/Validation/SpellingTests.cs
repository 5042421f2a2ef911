using Luminarys.Manifests.Validation;

namespace Luminarys.Manifests.Tests.Validation;

public sealed class SpellingTests
{
    private static readonly string[] Keys = ["cluster_id", "node_id", "nats_url", "tls", "role"];

    [Theory]
    [InlineData("clusterId", "cluster_id")]
    [InlineData("node-id", "node_id")]
    [InlineData("nats_ulr", "nats_url")]
    [InlineData("rol", "role")]
    [InlineData("tsl", "tls")]
    [InlineData("telemetry", null)]
    [InlineData("", null)]
    public void Nearest_Word_IsTheKeyThatWasMeant(string word, string? expected) => Assert.Equal(expected, Spelling.Nearest(word, Keys));

    [Fact]
    public void Nearest_EndlessWord_IsNotCompared() => Assert.Null(Spelling.Nearest(new string('x', 1_000_000), Keys));
}
