using Luminarys.Manifests;
using Luminarys.Permissions.Commands;
using Luminarys.Permissions.Network;
using Luminarys.Skills;

namespace Luminarys.Permissions;

/// <summary>
/// Says what one manifest allows, one method for each capability, without touching a file, resolving a name or starting anything. What depends on the
/// world is judged once more when a skill acts: links, addresses of names, programs. Immutable and thread-safe.
/// </summary>
public sealed class PermissionJudge
{
    private readonly PermissionSet _permissions;
    private readonly DirectoryRules _directories;
    private readonly HttpRules _http;
    private readonly TcpRules _tcp;
    private readonly CommandRules _commands;
    private readonly TransferRules _transfer;
    private readonly InvokeRules _invoke;

    /// <summary>Compiles the grants of a manifest.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="network">What the host adds for connections.</param>
    public PermissionJudge(Manifest manifest, NetworkPolicy network)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        _permissions = manifest.Permissions;
        _directories = DirectoryRules.Compile(_permissions.Directories, []);
        _http = new(_permissions.Http, network);
        _tcp = new(_permissions.Tcp, network);
        _commands = new(_permissions.Shell);
        _transfer = new(_permissions.FileTransfer);
        _invoke = new(manifest.InvokePolicy);
    }

    /// <summary>An act on a file or directory.</summary>
    public Verdict JudgeFile(string path, AccessMode mode) =>
        DirectoryPath.TryNormalize(path, out var normalized, out var fault) ? _directories.Judge(normalized, mode) : Malformed("path", fault);

    /// <summary>A request to a URL.</summary>
    public Verdict JudgeHttp(string url) => JudgeUrl(url, isWebSocket: false);

    /// <summary>A WebSocket connection to a URL.</summary>
    public Verdict JudgeWebSocket(string url) => JudgeUrl(url, isWebSocket: true);

    /// <summary>A TCP connection to <c>host:port</c>.</summary>
    public Verdict JudgeTcp(string endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return NetworkEndpoint.TryParse(endpoint, out var parsed, out var fault) ? _tcp.Judge(parsed) : Malformed("address", fault);
    }

    /// <summary>A command, as one line.</summary>
    public Verdict JudgeCommand(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return _commands.Judge(line, out _, out _);
    }

    /// <summary>A copy between this node and another.</summary>
    /// <param name="node">Id of the other node.</param>
    /// <param name="path">Path on this node.</param>
    /// <param name="mode">Read to send, write to receive.</param>
    public Verdict JudgeTransfer(string node, string path, AccessMode mode) =>
        DirectoryPath.TryNormalize(path, out var normalized, out var fault) ? _transfer.Judge(node, normalized, mode) : Malformed("path", fault);

    /// <summary>A variable of the environment.</summary>
    public Verdict JudgeEnvironment(string key) => EnvironmentRules.Judge(_permissions, key);

    /// <summary>A call of another skill, as far as this manifest decides.</summary>
    public Verdict JudgeInvoke(string target) => SkillId.TryParse(target, out var id) ? _invoke.CanInvoke(id) : Malformed("skill id", "is a letter, then letters, digits or '-'");

    /// <summary>A call by another skill, as far as this manifest decides.</summary>
    public Verdict JudgeInvokedBy(string caller) => SkillId.TryParse(caller, out var id) ? _invoke.CanBeInvokedBy(id) : Malformed("skill id", "is a letter, then letters, digits or '-'");

    private static Verdict Malformed(string what, string fault) => Verdict.Deny($"the {what} is refused: {fault}", "");

    private Verdict JudgeUrl(string url, bool isWebSocket)
    {
        ArgumentNullException.ThrowIfNull(url);
        return !WebAddress.TryParse(url, out var address, out var fault) ? Malformed("URL", fault)
            : address.IsWebSocket != isWebSocket ? Malformed("URL", isWebSocket ? "its scheme is not ws or wss" : "its scheme is not http or https")
            : _http.Judge(address);
    }
}
