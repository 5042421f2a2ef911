using System.Collections.Immutable;
using Luminarys.Manifests.Validation;
using Luminarys.Manifests.Yaml;
using Luminarys.Permissions;

namespace Luminarys.Manifests.Sections;

/// <summary><c>permissions</c>. A capability is granted only when its section says <c>enabled: true</c>.</summary>
internal static class PermissionsSection
{
    private const long DefaultMaxResponse = 1024 * 1024;
    private const long MaxResponse = 16 * 1024 * 1024;
    private const string Everywhere = "**";

    public static PermissionSet Read(SectionReader root)
    {
        if (root.Section("permissions") is not { } permissions)
        {
            root.Error(root.PlaceOf("permissions"), "permissions", "missing: write permissions: {} for a skill that may do nothing");
            return PermissionSet.None;
        }

        RefuseOldForms(permissions);
        var fs = ReadFileSystem(permissions);
        return new PermissionSet
        {
            Directories = fs ?? [],
            Http = ReadHttp(permissions),
            Tcp = ReadTcp(permissions),
            Shell = ReadShell(permissions, fs),
            FileTransfer = ReadFileTransfer(permissions),
        };
    }

    private static void RefuseOldForms(SectionReader permissions)
    {
        permissions.Refuse("dirs", "an older form: write fs: { enabled: true, dirs: [...] }");
        permissions.Refuse("shell_allowlist", "an older form: write shell: { enabled: true, allowlist: [...] }");
        permissions.Refuse("http_allowlist", "an older form: write http: { enabled: true, allowlist: [...] }");
        permissions.Refuse("tcp_allowlist", "an older form: write tcp: { enabled: true, allowlist: [...] }");
    }

    /// <summary>The granted directories; null when the capability is denied.</summary>
    private static ImmutableArray<DirectoryGrant>? ReadFileSystem(SectionReader permissions)
    {
        if (permissions.TryFind("fs", out var node) && node is YamlScalar)
        {
            return permissions.Value<bool>("fs", ScalarRules.Flag, false) ? [] : null;
        }

        if (permissions.Section("fs", "write fs: { enabled: true, dirs: [\"/data:rw\"] }") is not { } fs)
        {
            return null;
        }

        var isEnabled = fs.Value<bool>("enabled", ScalarRules.Flag, false);
        var directories = DirectoryGrants.Read(fs, "dirs");
        if (fs.Text("root", DirectoryEntryRules.Pattern(fs.WorkingDirectory)) is { } root)
        {
            fs.Warn(fs.PlaceOf("root"), "root", "an older key: write dirs: [\"…:rw\"]");
            directories = directories.Add(new DirectoryGrant(root, AccessMode.ReadWrite));
        }

        return isEnabled ? directories : null;
    }

    private static HttpPermission? ReadHttp(SectionReader permissions)
    {
        if (permissions.Section("http", "write http: { enabled: true, allowlist: [\"https://api.example.com/**\"] }") is not { } http)
        {
            return null;
        }

        var isEnabled = http.Value<bool>("enabled", ScalarRules.Flag, false);
        var allowlist = ReadPatterns(http, "allowlist", PatternHints.Url);
        var maxResponse = http.Value("max_response_bytes", ScalarRules.LargeInteger(1, MaxResponse), DefaultMaxResponse);
        var webSocket = http.Value<bool>("allow_websocket", ScalarRules.Flag, false);
        return isEnabled ? new HttpPermission(allowlist, maxResponse, webSocket) : null;
    }

    private static TcpPermission? ReadTcp(SectionReader permissions)
    {
        if (permissions.Section("tcp", "write tcp: { enabled: true, allowlist: [\"redis.internal:6379\"] }") is not { } tcp)
        {
            return null;
        }

        var isEnabled = tcp.Value<bool>("enabled", ScalarRules.Flag, false);
        var allowlist = ReadPatterns(tcp, "allowlist", PatternHints.Endpoint);
        var isEmpty = !tcp.TryFind("allowlist", out var node) || node is YamlSequence { Items.IsEmpty: true };
        return isEnabled ? new TcpPermission(allowlist, InternalAddresses: isEmpty) : null;
    }

    private static ShellPermission? ReadShell(SectionReader permissions, ImmutableArray<DirectoryGrant>? fs)
    {
        if (permissions.Section("shell", "write shell: { enabled: true, allowlist: [\"git **\"] }") is not { } shell)
        {
            return null;
        }

        var isEnabled = shell.Value<bool>("enabled", ScalarRules.Flag, false);
        var allowlist = ReadPatterns(shell, "allowlist", PatternHints.Command);
        var directories = shell.List("allowed_dirs", DirectoryEntryRules.Pattern(shell.WorkingDirectory)) ?? [];
        if (!isEnabled)
        {
            return null;
        }

        if (allowlist.IsEmpty && (!shell.TryFind("allowlist", out var node) || node is YamlSequence { Items.IsEmpty: true }))
        {
            shell.Warn(shell.PlaceOf("allowlist"), "allowlist", "an empty list allows no command; write [\"**\"] to allow every one");
        }

        if (directories.IsEmpty)
        {
            directories = fs is { } grants ? [.. grants.Select(grant => grant.Pattern)] : [Everywhere];
        }

        return new ShellPermission(allowlist, directories);
    }

    private static FileTransferPermission? ReadFileTransfer(SectionReader permissions)
    {
        const string Hint = "write file_transfer: { enabled: true, allowed_nodes: [\"*\"], local_dirs: [\"/data:rw\"] }";
        if (permissions.Section("file_transfer", Hint) is not { } transfer)
        {
            return null;
        }

        var isEnabled = transfer.Value<bool>("enabled", ScalarRules.Flag, false);
        var nodes = transfer.List<string>("allowed_nodes", IdRules.NodeOrAny) ?? [];
        var directories = DirectoryGrants.Read(transfer, "local_dirs");
        return isEnabled ? new FileTransferPermission(nodes, directories) : null;
    }

    /// <summary>Patterns, with a warning for one that can never match.</summary>
    private static ImmutableArray<string> ReadPatterns(SectionReader section, string key, Func<string, string?> hint)
    {
        if (section.TryFind(key, out var node) && node is YamlSequence sequence)
        {
            foreach (var scalar in sequence.Items.OfType<YamlScalar>())
            {
                if (GlobRules.Pattern(scalar.Text, out _) is null && hint(scalar.Text) is { } words)
                {
                    section.Warn(scalar, key, $"{section.Problems.Quote(scalar)} {words}");
                }
            }
        }

        return section.List<string>(key, GlobRules.Pattern) ?? [];
    }
}
