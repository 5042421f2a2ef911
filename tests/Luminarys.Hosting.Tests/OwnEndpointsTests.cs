using Luminarys.Cluster.Loopback;
using Luminarys.Manifests.Configuration;
using Luminarys.Nodes;
using Luminarys.Runtime.Wasm;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Luminarys.Hosting;

public sealed class OwnEndpointsTests
{
    [Theory]
    [InlineData("nats://bus.example:4333", "bus.example:4333")]
    [InlineData("bus.example", "bus.example:4222")]
    [InlineData("tls://user:secret@bus.example", "bus.example:4222")]
    [InlineData("nats://one:1, two:2", "one:1 two:2")]
    [InlineData("nats://[::1]:4222", "[::1]:4222")]
    public void OfBus_EachFormOfAServer_IsHostAndPort(string servers, string endpoints) =>
        Assert.Equal(endpoints.Split(' '), OwnEndpoints.OfBus(servers));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void OfListener_EveryInterface_IsThisMachine(string host)
    {
        var endpoints = OwnEndpoints.OfListener(host, 8080).ToArray();

        Assert.Contains("127.0.0.1:8080", endpoints);
        Assert.Contains("[::1]:8080", endpoints);
        Assert.All(endpoints, endpoint => Assert.EndsWith(":8080", endpoint, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3:8080")]
    [InlineData("fd00::1", "[fd00::1]:8080")]
    [InlineData("[fd00::1]", "[fd00::1]:8080")]
    public void OfListener_OneAddress_IsThatAndThisMachine(string host, string endpoint)
    {
        Assert.Contains(endpoint, OwnEndpoints.OfListener(host, 8080));
        Assert.Contains("localhost:8080", OwnEndpoints.OfListener(host, 8080));
    }

    [Fact]
    public void Of_Relay_IsEveryAddressThatItMayHave()
    {
        var configuration = new HostConfiguration("host.yaml", "/etc")
        {
            Cluster = new ClusterConfiguration
            {
                ClusterId = new("c"),
                NodeId = new("n"),
                Role = NodeRole.Slave,
                NatsUrl = "nats://bus.example:4222",
                Relay = new ClusterRelay { Port = 4300, AdvertisedHost = "relay.example", Url = "far.example:4400" },
            },
        };

        Assert.Equal(
            ["bus.example:4300", "localhost:4300", "127.0.0.1:4300", "[::1]:4300", "relay.example:4300", "far.example:4400"], OwnEndpoints.Of(configuration));
    }

    [Fact]
    public void UseNats_NoConfigurationFile_TheBusIsTheHostsOwn()
    {
        using var host = Build(services => services.AddLuminarysMaster().UseNats(options => options.Url = "nats://bus.example:4333"));

        Assert.Contains("bus.example:4333", EndpointsOf(host.Services));
    }

    [Fact]
    public void UseLoopback_NoBus_HasNoEndpoint()
    {
        using var host = Build(services => services.AddLuminarysSlave(options => options.NodeId = "s").UseLoopback(new LoopbackHub()));

        Assert.Empty(EndpointsOf(host.Services));
    }

    [Fact]
    public async Task AddLuminarysMaster_ServerOfTheApplication_IsTheHostsOwn()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://*:18080");
        builder.Services.AddRouting().AddLuminarysMaster();
        await using var app = builder.Build();
        app.Urls.Add("http://10.1.2.3:18081");

        var endpoints = EndpointsOf(app.Services);

        Assert.Contains("127.0.0.1:18080", endpoints);
        Assert.Contains("10.1.2.3:18081", endpoints);
    }

    [Fact]
    public async Task AddLuminarysMaster_ServerWithoutAnAddress_GuardsTheStandardOne()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting().AddLuminarysMaster();
        await using var app = builder.Build();

        Assert.Contains("localhost:5000", EndpointsOf(app.Services));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("host:99999")]
    [InlineData("http://host:80")]
    public async Task Start_EndpointThatCannotBeRead_IsReported(string endpoint)
    {
        using var host = Build(services => services.AddLuminarysMaster().UseWasm(options => options.OwnEndpoints.Add(endpoint)));

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"OwnEndpoints: '{endpoint}'", fault.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> EndpointsOf(IServiceProvider services) => services.GetRequiredService<IOptions<WasmRuntimeOptions>>().Value.OwnEndpoints;

    private static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        return builder.Build();
    }
}
