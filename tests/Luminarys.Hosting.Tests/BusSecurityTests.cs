using Luminarys.Cluster;
using Luminarys.Manifests.Configuration;
using Luminarys.Nodes;

namespace Luminarys.Hosting.Tests;

public sealed class BusSecurityTests
{
    [Theory]
    [InlineData(null, null, "nats://bus:4222", BusSecurityLevel.None)]
    [InlineData("token", null, "nats://bus:4222", BusSecurityLevel.SharedCredential)]
    [InlineData(null, "everybody", "nats://bus:4222", BusSecurityLevel.SharedCredential)]
    [InlineData(null, "node-1", "nats://bus:4222", BusSecurityLevel.NodeUsers)]
    [InlineData(null, null, "nats://token@bus:4222", BusSecurityLevel.SharedCredential)]
    [InlineData(null, null, "one:4222, nats://everybody:pw@bus:4222", BusSecurityLevel.SharedCredential)]
    [InlineData(null, null, "nats://node-1:pw@bus:4222", BusSecurityLevel.NodeUsers)]
    public void Of_Credentials_IsTheLevelThatTheyStandFor(string? token, string? user, string url, BusSecurityLevel expected) =>
        Assert.Equal(expected, BusSecurity.Of(new ClusterConfiguration
        {
            ClusterId = new("c"), NodeId = new("node-1"), Role = NodeRole.Slave, NatsUrl = url, Auth = new(token, user, user is null ? null : "pw"),
        }));
}
