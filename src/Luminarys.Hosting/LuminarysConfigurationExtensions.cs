using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Cluster;
using Luminarys.Files;
using Luminarys.Manifests;
using Luminarys.Manifests.Configuration;
using Luminarys.Mcp;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm;
using Luminarys.Transport.Nats;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Luminarys.Hosting;

/// <summary>Puts a node together as a host configuration file says.</summary>
public static class LuminarysConfigurationExtensions
{
    private const string LocalId = "local";

    /// <summary>
    /// Adds the master or slave that the configuration describes; without a <c>cluster</c> section, a master on the in-process bus. It deploys the skills
    /// that the configuration names, unless an <see cref="IManifestSource"/> is registered already.
    /// </summary>
    public static ILuminarysBuilder AddLuminarysNode(this IServiceCollection services, HostConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton<IManifestSource>(
            new FileManifestSource(configuration.Skills, new ManifestReader(Directory.GetCurrentDirectory(), configuration.Variables)));
        var cluster = configuration.Cluster;
        if (cluster is not null)
        {
            RelaySetup.Add(services, cluster);
        }

        var builder = cluster?.Role == NodeRole.Slave
            ? services.AddLuminarysSlave(options => Apply(cluster, options))
            : services.AddLuminarysMaster(options => Apply(cluster, options));
        services.Configure<FileAccessOptions>(options => Apply(configuration.FileSystem, options));
        if (cluster is not null)
        {
            builder.UseNats(options => Apply(cluster, cluster.NodeId.Value, options));
        }

        if (configuration.DatabasePath is { } database)
        {
            builder.UseSqlite(database);
        }

        if (configuration.Trust.Directory is { } trust)
        {
            builder.UseTrustFolder(trust);
        }

        services.TryAddSingleton<ISignerTrust>(provider => new FolderSignerTrust(
            provider.GetService<ITrustSource>(), configuration.Trust.Revocation == RevocationRule.Required, TimeProvider.System));

        return builder.UseWasm(options => Apply(configuration, options)).UseMcp(options => Apply(configuration, options));
    }

    private static void Apply(ClusterConfiguration? cluster, MasterOptions options)
    {
        options.ClusterId = cluster?.ClusterId.Value ?? LocalId;
        options.NodeId = cluster?.NodeId.Value ?? LocalId;
        options.IsStandalone = cluster is null;
        if (cluster is not null)
        {
            options.HeartbeatInterval = cluster.HeartbeatInterval;
            options.NodeTtl = cluster.NodeTtl;
            options.StateDirectory = cluster.StateDirectory;
            options.Transfers.RelayAddress = () => RelaySetup.AddressOf(cluster);
            Apply(cluster.FileTransfer, options.Transfers);
            options.BusSecurity = BusSecurity.Of(cluster);
            options.Accept = cluster.Accept;
            options.RequireKnownKeys = cluster.RequireKnownKeys;
            options.Duplicates = cluster.Duplicates switch
            {
                DuplicateSkillRule.Balance => DuplicateRule.Balance,
                DuplicateSkillRule.Error => DuplicateRule.Error,
                _ => DuplicateRule.StickyFailover,
            };
            options.NodeKeyFile = cluster.NodeKeyFile;
            Apply(cluster.TrustedNodes, options.TrustedNodes);
        }
    }

    private static void Apply(ClusterConfiguration cluster, SlaveOptions options)
    {
        options.ClusterId = cluster.ClusterId.Value;
        options.NodeId = cluster.NodeId.Value;
        options.HeartbeatInterval = cluster.HeartbeatInterval;
        options.NodeTtl = cluster.NodeTtl;
        options.StateDirectory = cluster.StateDirectory;
        Apply(cluster.FileTransfer, options.Transfers);
        options.BusSecurity = BusSecurity.Of(cluster);
        options.NodeKeyFile = cluster.NodeKeyFile;
        Apply(cluster.TrustedNodes, options.TrustedNodes);
    }

    private static void Apply(ClusterFileTransfer shared, TransferOptions options) =>
        (options.AllowedNodes, options.Directories, options.Encrypts) = (shared.AllowedNodes, shared.LocalDirectories, shared.Encrypts);

    /// <summary>Copies fingerprints.</summary>
    internal static void Apply(ImmutableDictionary<NodeId, string> fingerprints, IDictionary<string, string> trusted)
    {
        foreach (var (node, fingerprint) in fingerprints)
        {
            trusted[node.Value] = fingerprint;
        }
    }

    /// <summary>How somebody of the cluster, a node or an operator, reaches the bus.</summary>
    internal static void Apply(ClusterConfiguration cluster, string name, NatsTransportOptions options)
    {
        options.Url = cluster.NatsUrl;
        options.Name = $"luminarys {cluster.ClusterId}/{name}";

        // The client subscribes to an inbox of its own at once, although nothing here uses it: in a place that the node may listen to.
        options.InboxPrefix = $"lm.v1.{cluster.ClusterId}.n.{name}.lib";
        options.Token = cluster.Auth.Token;
        options.User = cluster.Auth.User;
        options.Password = cluster.Auth.Password;
        options.TlsEnabled = cluster.Tls.Enabled;
        options.CaFile = cluster.Tls.CaFile;
        options.CertificateFile = cluster.Tls.CertFile;
        options.KeyFile = cluster.Tls.KeyFile;
    }

    private static void Apply(HostConfiguration configuration, WasmRuntimeOptions options)
    {
        options.MemoryLimitMegabytes = configuration.Runtime.MemoryLimitMegabytes;
        options.MaxInstances = configuration.Runtime.MaxInstances;
        options.InvokeTimeout = configuration.Runtime.InvokeTimeout;
        options.CacheDirectory = configuration.Runtime.CacheDirectory;
        options.SkillLog = configuration.Log.SkillLog;
        options.AllowInsecureTls = configuration.Runtime.AllowInsecureTls;
        options.DenyInternalNetwork = configuration.NetworkInternal == InternalNetworkRule.Deny;
        options.SkipArchiveLinks = configuration.ArchiveLinks == ArchiveLinkRule.Skip;
        options.StateDirectory = StateOf(configuration);

        // Files come from clients, and clients to masters.
        options.InboxDirectory = configuration.Cluster?.Role == NodeRole.Slave ? null : Path.Combine(options.StateDirectory, "inbox");
        options.OnlyTrustedPackages = configuration.Trust.Skills == SkillsTrustRule.Listed;
        options.RequireRevocationList = configuration.Trust.Revocation == RevocationRule.Required;
        options.ShellPath = [.. configuration.Shell.Path];
        options.ShellIsolation = configuration.Shell.Isolation switch
        {
            ShellIsolation.None => ProgramIsolation.None,
            ShellIsolation.Namespace => ProgramIsolation.Namespace,
            _ => ProgramIsolation.Landlock,
        };
        foreach (var endpoint in OwnEndpoints.Of(configuration))
        {
            options.OwnEndpoints.Add(endpoint);
        }

        foreach (var path in new[] { configuration.Cluster?.NodeKeyFile, configuration.Cluster?.Tls.KeyFile }.OfType<string>())
        {
            options.OwnPaths.Add(path);
        }
    }

    private static string StateOf(HostConfiguration configuration) => configuration.Cluster?.StateDirectory ?? PlaceOf(configuration);

    // One for each node of each configuration: hosts that shared it would end each other's programs.
    private static string PlaceOf(HostConfiguration configuration)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes($"{configuration.Directory}\n{configuration.Source}\n{configuration.Cluster?.NodeId.Value ?? LocalId}"));
        return Path.Combine(Path.GetTempPath(), $"luminarys-{Environment.UserName}-{Convert.ToHexStringLower(name.AsSpan(0, 8))}");
    }

    private static void Apply(FileSystemConfiguration configuration, FileAccessOptions options)
    {
        options.IsDurable = configuration.Durability == FileDurability.Full;
        options.AllowHardLinks = configuration.AllowHardLinks;
        options.AllowUnsafePaths = configuration.UnsafePaths;
    }

    private static void Apply(HostConfiguration configuration, McpEdgeOptions options)
    {
        options.InvokeTimeout = configuration.Runtime.InvokeTimeout;
        options.UpstreamToolNames = configuration.Mcp.ToolNames == ToolNameStyle.Upstream;
        options.LegacySse = configuration.Mcp.LegacySse;
        options.PinFile = configuration.Mcp.PinFile;
        options.MaxInlineResultBytes = configuration.Mcp.MaxResultBytes;
        options.FileDirectory = Path.Combine(StateOf(configuration), "files");
        options.QualifiedToolNames = configuration.Cluster?.QualifiedTools == true;
        if (configuration.Http is { } http)
        {
            options.Tokens = http.Tokens;
            options.OAuth = http.OAuth is not { } oauth ? null : new() { Issuer = oauth.Issuer, Audience = oauth.Audience, KeySetUrl = oauth.KeySetUrl };
            options.MaxBodyBytes = http.MaxBodyBytes;
            options.ServerUrl = http.ServerUrl;
            options.AllowedOrigins = http.AllowedOrigins;
            options.AllowedHosts = http.Address.Host is { Length: > 0 } host && !IsEvery(host) ? http.AllowedHosts.Add(host) : http.AllowedHosts;
            options.ListensBeyondLoopback = !IsLoopback(http.Address.Host);
            options.Strict = http.Strict;
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsEvery(string host) =>
        host is "*" or "+" || (IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));
}
