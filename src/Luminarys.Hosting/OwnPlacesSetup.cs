using Luminarys.Cluster;
using Luminarys.Nodes;
using Luminarys.Runtime.Wasm;
using Luminarys.Storage.Sqlite;
using Luminarys.Transport.Nats;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Luminarys.Hosting;

/// <summary>Tells the runtime what belongs to the host itself, out of the options of the other parts: with or without a configuration file.</summary>
internal static class OwnPlacesSetup
{
    private const string StandardAddress = "http://localhost:5000";

    /// <summary>Keeps skills from the bus, once.</summary>
    public static void GuardBus(IServiceCollection services) =>
        services.AddOptions<WasmRuntimeOptions>().PostConfigure<IOptionsMonitor<NatsTransportOptions>>(
            (options, bus) => Add(options.OwnEndpoints, OwnEndpoints.OfBus(bus.CurrentValue.Url)));

    /// <summary>Keeps skills from the HTTP server of the application.</summary>
    public static void GuardListener(IServiceCollection services) =>
        services.AddOptions<WasmRuntimeOptions>().PostConfigure<IServiceProvider>(
            (options, provider) => Add(options.OwnEndpoints, AddressesOf(provider).SelectMany(OfAddress)));

    /// <summary>Names the node in its database, and keeps skills from the file.</summary>
    public static void GuardDatabase(IServiceCollection services, NodeRole role)
    {
        var database = services.AddOptions<SqliteStateStoreOptions>();
        _ = role == NodeRole.Master
            ? database.PostConfigure<IOptionsMonitor<MasterOptions>>((options, node) => options.Node = NameOf(options, node.CurrentValue.NodeId))
            : database.PostConfigure<IOptionsMonitor<SlaveOptions>>((options, node) => options.Node = NameOf(options, node.CurrentValue.NodeId));
        services.AddOptions<WasmRuntimeOptions>().PostConfigure<IOptionsMonitor<SqliteStateStoreOptions>>(
            (options, file) => Add(options.OwnPaths, file.CurrentValue.Path is { Length: > 0 } path ? [Path.GetFullPath(path)] : []));
    }

    private static string NameOf(SqliteStateStoreOptions options, string node) => options.Node.Length > 0 ? options.Node : node;

    // What the application has said before it starts; the server itself is not asked, since skills are loaded before it listens.
    private static string[] AddressesOf(IServiceProvider provider)
    {
        if (provider.GetService<IServer>() is not { } server)
        {
            return [];
        }

        var settings = provider.GetService<IConfiguration>();
        string[] named =
        [
            .. server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [],
            .. Split(settings?["urls"]),
            .. Split(settings?["http_ports"]).Select(port => $"http://*:{port}"),
            .. Split(settings?["https_ports"]).Select(port => $"https://*:{port}"),
            .. settings?.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>() ?? [],
        ];
        return named.Length > 0 ? named : [StandardAddress];
    }

    private static string[] Split(string? list) => (list ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> OfAddress(string address)
    {
        var parsed = Microsoft.AspNetCore.Http.BindingAddress.Parse(address);
        return parsed.IsUnixPipe || parsed.IsNamedPipe || parsed.Port == 0 ? [] : OwnEndpoints.OfListener(parsed.Host, parsed.Port);
    }

    private static void Add(IList<string> list, IEnumerable<string> entries)
    {
        foreach (var entry in entries.Where(entry => !list.Contains(entry, StringComparer.OrdinalIgnoreCase)))
        {
            list.Add(entry);
        }
    }
}
