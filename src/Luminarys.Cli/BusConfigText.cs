using System.Text;
using Luminarys.Nodes;

namespace Luminarys.Cli;

/// <summary>Writes the configuration of a nats-server (2.9 or later).</summary>
internal static class BusConfigText
{
    // Two for each node, and room for those that the server has not given up yet.
    private const int ConnectionsPerUser = 4;
    private const int SpareConnections = 16;

    public static string Write(BusConfigRequest request, IReadOnlyList<BusUser> users)
    {
        var text = new StringBuilder();
        text.Append("# NATS server of the Luminarys cluster '").Append(request.Cluster).Append("': a user for each node (security level L1).\n");
        text.Append("# Made by luminarys bus-config. It holds passwords: only the server may read it.\n");
        text.Append("listen: ").Append(Quote(request.Listen)).Append('\n');
        text.Append("max_payload: 1MB\nping_interval: \"5s\"\nping_max: 2\nwrite_deadline: \"5s\"\n");
        text.Append("max_connections: ").Append((ConnectionsPerUser * users.Count) + SpareConnections).Append('\n');
        text.Append("max_subscriptions: 64\n");
        WriteTls(text, request);
        text.Append("authorization {\n  timeout: 5\n");
        text.Append("  default_permissions: { publish: { deny: \">\" }, subscribe: { deny: \">\" } }\n  users: [\n");
        foreach (var user in users)
        {
            WriteUser(text, user);
        }

        return text.Append("  ]\n}\n").ToString();
    }

    private static void WriteTls(StringBuilder text, BusConfigRequest request)
    {
        if (request.TlsCertificate is null || request.TlsKey is null)
        {
            return;
        }

        text.Append("tls {\n  cert_file: ").Append(Quote(request.TlsCertificate)).Append("\n  key_file: ").Append(Quote(request.TlsKey)).Append('\n');
        if (request.TlsAuthority is { } authority)
        {
            text.Append("  ca_file: ").Append(Quote(authority)).Append("\n  verify: true\n");
        }

        text.Append("  timeout: 5\n}\n");
    }

    private static void WriteUser(StringBuilder text, BusUser user)
    {
        var denied = user.Permissions.PublishDenied.IsEmpty ? "" : $", deny: {List(user.Permissions.PublishDenied)}";
        text.Append("    { user: ").Append(Quote(user.Name)).Append(", password: ").Append(Quote(user.Password)).Append(", permissions: {\n");
        text.Append("        publish: { allow: ").Append(List(user.Permissions.Publish)).Append(denied).Append(" }\n");
        text.Append("        subscribe: { allow: ").Append(List(user.Permissions.Subscribe)).Append(" } } }\n");
    }

    private static string List(IEnumerable<string> subjects) => $"[{string.Join(", ", subjects.Select(Quote))}]";

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
