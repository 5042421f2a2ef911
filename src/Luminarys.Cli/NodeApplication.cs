using Luminarys.Cli.Logs;
using Luminarys.Hosting;
using Luminarys.Manifests.Configuration;
using Luminarys.Mcp;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cli;

/// <summary>Builds the application of a node. Nothing but the configuration decides: no settings file, no environment variable.</summary>
internal static class NodeApplication
{
    /// <param name="configuration">What it does.</param>
    /// <param name="manifests">Its skills.</param>
    /// <param name="isStdio">Whether it serves one client over standard input and output, in place of HTTP.</param>
    public static IHost Build(HostConfiguration configuration, IManifestSource manifests, bool isStdio = false)
    {
        if (isStdio || configuration.Http is not { } http || configuration.Cluster?.Role == NodeRole.Slave)
        {
            var plain = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            AddNode(plain, configuration, manifests);
            if (isStdio)
            {
                // After the node: the client's first request finds it started.
                plain.Services.AddLuminarysStdio();
            }

            return plain.Build();
        }

        var web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        web.WebHost.UseKestrelCore();
        web.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
        web.WebHost.UseUrls(UrlOf(http.Address));
        web.Services.AddRouting();
        AddNode(web, configuration, manifests);
        var app = web.Build();
        app.MapLuminarys("/mcp");
        return app;
    }

    /// <summary>The URL that Kestrel listens on; without a host, every interface.</summary>
    public static string UrlOf(ListenAddress address) => $"http://{(address.Host.Length == 0 ? "*" : "")}{address}";

    /// <summary>Logs as the configuration says.</summary>
    public static void AddLogging(IHostApplicationBuilder builder, HostConfiguration configuration)
    {
        builder.Logging.SetMinimumLevel(configuration.Log.Level);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // It logs every request and answer, which the audit log and the metrics tell already.
        builder.Logging.AddFilter("ModelContextProtocol", LogLevel.Warning);

        // It logs a failed start with a stack trace; the command prints one line instead.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        AddLogFile(builder.Logging, configuration.Log);
        if (configuration.Log.Stderr)
        {
            builder.Logging.AddSimpleConsole(options => (options.SingleLine, options.TimestampFormat) = (true, "HH:mm:ss.fff "));
            builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        }
    }

    private static void AddLogFile(ILoggingBuilder logging, LogConfiguration configuration)
    {
        if (configuration.File is { } path)
        {
            logging.Services.AddSingleton<ILoggerProvider>(_ => new LogFileProvider(new LogFile(path, Console.Error), TimeProvider.System));
        }
    }

    private static void AddNode(IHostApplicationBuilder builder, HostConfiguration configuration, IManifestSource manifests)
    {
        builder.Services.AddSingleton(manifests);
        // This process starts no children but the programs of skills.
        builder.Services.AddLuminarysNode(configuration).UseWasm(options => options.AdoptOrphans = true);
        AddLogging(builder, configuration);
    }
}
