using System.Collections.Immutable;
using Luminarys.Manifests.Configuration;
using Luminarys.Manifests.Validation;
using Luminarys.Manifests.Yaml;
using Luminarys.Nodes;

namespace Luminarys.Manifests.Sections;

/// <summary><c>cluster</c></summary>
internal static class ClusterSection
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(60);

    /// <summary>Null when the node stands alone, or when a required key is missing; that is reported.</summary>
    /// <param name="root">The document.</param>
    /// <param name="isForOperator">Whether it may be that of an operator, who is no node.</param>
    public static ClusterConfiguration? Read(SectionReader root, bool isForOperator)
    {
        if (root.Section("cluster") is not { } cluster)
        {
            return null;
        }

        var isEnabled = cluster.Value<bool>("enabled", ScalarRules.Flag, false);
        var roles = ScalarRules.Choice(("master", NodeRole.Master), ("slave", NodeRole.Slave));
        var clusterId = Identity<ClusterId>(cluster, isEnabled, "cluster_id", IdRules.Cluster, "name the cluster, the same on all of its nodes");
        var nodeId = Identity<NodeId>(cluster, isEnabled, "node_id", isForOperator ? IdRules.NodeOrOperator : IdRules.Node, "name this node, differently from every other node");
        var role = Identity(cluster, isEnabled, "role", roles, "write master or slave");
        var url = cluster.Text("nats_url", NetworkRules.BusServers, secret: true);
        if (isEnabled)
        {
            cluster.ReportMissing("nats_url", "write the address of the NATS server, nats://host:4222");
        }

        var times = ReadTimes(cluster);

        // Every part is read even when the cluster is off, so that its mistakes show before somebody switches it on.
        var configuration = new ClusterConfiguration
        {
            ClusterId = clusterId ?? default,
            NodeId = nodeId ?? default,
            Role = role ?? NodeRole.Slave,
            NatsUrl = url ?? "",
            Auth = ReadAuthentication(cluster),
            Tls = ReadTls(cluster, isEnabled),
            HeartbeatInterval = times.Interval,
            NodeTtl = times.Ttl,
            StateDirectory = cluster.Text("state_dir", PathRules.Absolute(root.WorkingDirectory)),
            Duplicates = cluster.Value(
                "duplicates",
                ScalarRules.Choice(
                    ("sticky-failover", DuplicateSkillRule.StickyFailover), ("balance", DuplicateSkillRule.Balance), ("error", DuplicateSkillRule.Error)),
                DuplicateSkillRule.StickyFailover),
            QualifiedTools = cluster.Value<bool>("qualified_tools", ScalarRules.Flag, false),
            Accept = ReadAccept(cluster),
            TrustedNodes = ReadTrustedNodes(cluster),
            NodeKeyFile = ReadNodeKey(cluster, isEnabled),
            RequireKnownKeys = cluster.Value<bool>("require_known_keys", ScalarRules.Flag, false),
            Ha = cluster.Value("ha", ScalarRules.Choice(("none", StandbyMode.None), ("nats-kv", StandbyMode.NatsKeyValue)), StandbyMode.None),
            Relay = ReadRelay(cluster, role ?? NodeRole.Slave),
            FileTransfer = ReadFileTransfer(cluster),
        };
        return isEnabled && clusterId is not null && nodeId is not null && role is not null && url is not null ? configuration : null;
    }

    private static T? Identity<T>(SectionReader cluster, bool isRequired, string key, ValueRule<T> rule, string hint)
        where T : struct
    {
        var value = cluster.Optional(key, rule);
        if (isRequired)
        {
            cluster.ReportMissing(key, hint);
        }

        return value;
    }

    private static ClusterTimes ReadTimes(SectionReader cluster)
    {
        var defaults = new ClusterTimes(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
        var rule = ScalarRules.Duration(MinInterval, MaxInterval);
        var interval = cluster.Value("heartbeat_interval", rule, defaults.Interval);
        var ttl = cluster.Value("node_ttl", rule, defaults.Ttl);
        if (ttl >= 3 * interval)
        {
            return new ClusterTimes(interval, ttl);
        }

        var key = cluster.Has("node_ttl") ? "node_ttl" : "heartbeat_interval";
        cluster.Error(
            cluster.PlaceOf(key),
            key,
            $"node_ttl ({ScalarRules.Show(ttl)}) must be at least three times heartbeat_interval ({ScalarRules.Show(interval)})");
        return defaults;
    }

    private static ClusterAuthentication ReadAuthentication(SectionReader cluster)
    {
        var auth = cluster.SectionOrEmpty("auth");
        var token = auth.Text("token", secret: true);
        var user = auth.Text("user", secret: true);
        var password = auth.Text("password", secret: true);
        if ((user is null) != (password is null))
        {
            auth.Error(auth.PlaceOf(user is null ? "password" : "user"), user is null ? "user" : "password", "missing: user and password go together");
        }
        else if (token is not null && user is not null)
        {
            auth.Error(auth.PlaceOf("token"), "token", "a token and a user exclude each other: keep one");
        }

        return new ClusterAuthentication(token, user, password);
    }

    private static ClusterTls ReadTls(SectionReader cluster, bool isEnabled)
    {
        var tls = cluster.SectionOrEmpty("tls");
        var isOn = tls.Value<bool>("enabled", ScalarRules.Flag, false);
        var rule = isOn && isEnabled ? PathRules.ExistingFile(tls.WorkingDirectory) : PathRules.Absolute(tls.WorkingDirectory);
        var (ca, cert, key) = (tls.Text("ca_file", rule), tls.Text("cert_file", rule), tls.Text("key_file", rule));
        var missing = tls.Has("cert_file") == tls.Has("key_file") ? null : tls.Has("cert_file") ? "key_file" : "cert_file";
        if (missing is not null)
        {
            tls.Error(tls.PlaceOf(missing == "key_file" ? "cert_file" : "key_file"), missing, "missing: cert_file and key_file go together");
        }

        return new ClusterTls { Enabled = isOn, CaFile = ca, CertFile = cert, KeyFile = key };
    }

    private static ClusterRelay ReadRelay(SectionReader cluster, NodeRole role) => new()
    {
        Port = cluster.Value("relay_port", ScalarRules.Integer(1, 65535), 4223),
        AdvertisedHost = cluster.Text(cluster.KeyOrAlias("relay_advertise", "relay_host"), NetworkRules.Host),
        Url = cluster.Text("relay_url", NetworkRules.Dial),
        Embedded = cluster.Value<bool>("relay_embedded", ScalarRules.Flag, role == NodeRole.Master),
        Secret = cluster.SectionOrEmpty("relay").Text("secret", secret: true),
    };

    private static ClusterFileTransfer ReadFileTransfer(SectionReader cluster)
    {
        var transfer = cluster.SectionOrEmpty("file_transfer");
        return new ClusterFileTransfer(
            transfer.List<string>("allowed_nodes", IdRules.NodeOrAny) ?? [],
            DirectoryGrants.Read(transfer, "local_dirs"))
        {
            Encrypts = transfer.Value("e2e", ScalarRules.Choice(("required", true), ("off", false)), true),
        };
    }

    private static ImmutableDictionary<NodeId, ImmutableArray<string>> ReadAccept(SectionReader cluster)
    {
        var accept = ImmutableDictionary.CreateBuilder<NodeId, ImmutableArray<string>>();
        foreach (var (node, section, key) in NodeEntries(cluster, "accept"))
        {
            accept[node] = section.List<string>(key, IdRules.SkillPattern) ?? [];
        }

        return accept.ToImmutable();
    }

    private static ImmutableDictionary<NodeId, string> ReadTrustedNodes(SectionReader cluster)
    {
        var trusted = ImmutableDictionary.CreateBuilder<NodeId, string>();
        foreach (var (node, section, key) in NodeEntries(cluster, "trusted_nodes", allowsOperators: true))
        {
            if (section.Text(key, DigestRules.Sha256) is { } fingerprint)
            {
                trusted[node] = fingerprint;
            }
        }

        return trusted.ToImmutable();
    }

    // Half of a pair would look like protection and be none.
    private static string? ReadNodeKey(SectionReader cluster, bool isEnabled)
    {
        var file = cluster.Text("node_key_file", isEnabled ? PathRules.ExistingFile(cluster.WorkingDirectory) : PathRules.Absolute(cluster.WorkingDirectory));
        var isKeyNamed = cluster.Text("node_key_file") is not null;
        var areNodesNamed = cluster.Map.Entries.Any(entry => entry.Key.Text == "trusted_nodes" && entry.Value is YamlMapping { Entries.IsEmpty: false });
        if (isKeyNamed != areNodesNamed)
        {
            var (given, missing) = isKeyNamed ? ("node_key_file", "trusted_nodes") : ("trusted_nodes", "node_key_file");
            cluster.Error(cluster.PlaceOf(given), missing, "missing: node_key_file and trusted_nodes go together");
        }

        return file;
    }

    /// <summary>The entries of a map from node ids to something.</summary>
    private static IEnumerable<(NodeId Node, SectionReader Section, string Key)> NodeEntries(SectionReader cluster, string key, bool allowsOperators = false)
    {
        if (cluster.Section(key) is not { } section)
        {
            yield break;
        }

        if (!section.Map.Entries.IsEmpty)
        {
            cluster.NoteUpcoming(cluster.PlaceOf(key), key);
        }

        foreach (var entry in section.Map.Entries)
        {
            section.Has(entry.Key.Text);
            var complaint = allowsOperators ? IdRules.NodeOrOperator(entry.Key.Text, out var node) : IdRules.Node(entry.Key.Text, out node);
            if (complaint is not null)
            {
                cluster.Error(entry.Key, key, $"{cluster.Problems.Quote(entry.Key)} {complaint}");
            }
            else
            {
                yield return (node, section, entry.Key.Text);
            }
        }
    }

    private sealed record ClusterTimes(TimeSpan Interval, TimeSpan Ttl);
}
