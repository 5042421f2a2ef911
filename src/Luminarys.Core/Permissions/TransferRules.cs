namespace Luminarys.Permissions;

/// <summary>What a skill may copy to and from other nodes. The other node has rules of its own. Immutable and thread-safe.</summary>
public sealed class TransferRules
{
    private const string Key = "permissions.file_transfer";
    private readonly FileTransferPermission? _permission;
    private readonly DirectoryRules _directories;

    /// <summary>Compiles a grant; null for none.</summary>
    public TransferRules(FileTransferPermission? permission) =>
        (_permission, _directories) = (permission, DirectoryRules.Compile(permission?.LocalDirectories ?? [], [], $"{Key}.local_dirs"));

    /// <summary>Judges the other node and the path on this one.</summary>
    /// <param name="node">Id of the other node.</param>
    /// <param name="path">Normalized path on this node.</param>
    /// <param name="mode">Read to send, write to receive.</param>
    public Verdict Judge(string node, string path, AccessMode mode) =>
        _permission is null ? Verdict.Deny($"{Key} is not enabled", $"{Key}: {{ enabled: true, allowed_nodes: [\"{node}\"], local_dirs: [\"{path}:{(mode == AccessMode.ReadWrite ? "rw" : "ro")}\"] }}")
        : !_permission.AllowedNodes.Contains("*") && !_permission.AllowedNodes.Contains(node) ? Verdict.Deny($"nothing in {Key}.allowed_nodes matches", $"{Key}.allowed_nodes: [\"{node}\"]")
        : _directories.Judge(path, mode);
}
