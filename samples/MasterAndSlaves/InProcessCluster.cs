using Luminarys.Cluster.Loopback;
using Luminarys.Hosting;
using Luminarys.Mcp;

namespace MasterAndSlaves;

/// <summary>The same three nodes as three hosts in this process, on one loopback bus.</summary>
internal sealed class InProcessCluster : IAsyncDisposable
{
    private readonly LoopbackHub _hub = new();
    private readonly List<IHost> _hosts = [];

    public static async Task<InProcessCluster> StartAsync(DemoFiles files, CancellationToken cancellationToken)
    {
        var cluster = new InProcessCluster();
        // Paths and variables of the manifests are those of this process.
        Directory.SetCurrentDirectory(files.Folder);
        Environment.SetEnvironmentVariable("DATA_DIR", files.Data);
        foreach (var node in DemoFiles.Nodes)
        {
            var host = node == "master" ? cluster.BuildMaster(files) : cluster.BuildSlave(node);
            cluster._hosts.Add(host);
            await host.StartAsync(cancellationToken);
        }

        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private WebApplication BuildMaster(DemoFiles files)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{files.Port}");
        builder.Services.AddLuminarysMaster(options => (options.ClusterId, options.NodeId) = ("demo", "master"))
            .UseLoopback(_hub)
            .AddManifests(DemoFiles.ManifestsOf("master"));
        var app = builder.Build();
        app.MapLuminarys("/mcp");
        return app;
    }

    private IHost BuildSlave(string node)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddLuminarysSlave(options => (options.ClusterId, options.NodeId) = ("demo", node))
            .UseLoopback(_hub)
            .AddManifests(DemoFiles.ManifestsOf(node));
        return builder.Build();
    }
}
