using System.Diagnostics.CodeAnalysis;
using Luminarys.Permissions;

namespace Luminarys.Cli;

/// <summary>The capabilities and resources of <c>luminarys explain</c>.</summary>
internal static class ExplainQuestion
{
    /// <summary>For the help.</summary>
    public const string Capabilities = "fs http ws tcp shell file_transfer env invoke invoked_by";

    private const string Links = "links are followed when a skill acts, and the real path is then judged as well";
    private const string Names = "no name is resolved here; every address of a name is judged when a skill connects, and the host's own endpoints then need their exact entry";

    /// <summary>Asks; without an answer, <paramref name="note"/> says what is wrong with the question.</summary>
    public static bool TryAsk(PermissionJudge judge, string capability, string resource, [NotNullWhen(true)] out Verdict? verdict, out string note)
    {
        (verdict, note) = capability switch
        {
            "fs" => (WithMode(resource, out var mode) is var path ? judge.JudgeFile(path, mode) : null, Links),
            "http" => (judge.JudgeHttp(resource), Names),
            "ws" => (judge.JudgeWebSocket(resource), Names),
            "tcp" => (judge.JudgeTcp(resource), Names),
            "shell" => (judge.JudgeCommand(resource), "the work directory must be allowed too, and the program must exist where the host looks for it"),
            "file_transfer" => (JudgeTransfer(judge, resource), $"the other node must allow it too; {Links}"),
            "env" => (judge.JudgeEnvironment(resource), ""),
            "invoke" => (judge.JudgeInvoke(resource), "the other skill's can_be_invoked_by must name this one too"),
            "invoked_by" => (judge.JudgeInvokedBy(resource), "the other skill's can_invoke must name this one too"),
            _ => ((Verdict?)null, $"'{capability}' is no capability; use one of: {Capabilities}"),
        };
        note = verdict is null && capability == "file_transfer" ? "the resource is not node:path, such as node-2:/data/report.txt or node-2:/data/inbox:rw" : note;
        return verdict is not null;
    }

    private static Verdict? JudgeTransfer(PermissionJudge judge, string resource) =>
        resource.IndexOf(':', StringComparison.Ordinal) is var colon and > 0
            ? judge.JudgeTransfer(resource[..colon], WithMode(resource[(colon + 1)..], out var mode), mode)
            : null;

    private static string WithMode(string resource, out AccessMode mode)
    {
        mode = resource.EndsWith(":rw", StringComparison.Ordinal) ? AccessMode.ReadWrite : AccessMode.ReadOnly;
        return mode == AccessMode.ReadWrite || resource.EndsWith(":ro", StringComparison.Ordinal) ? resource[..^3] : resource;
    }
}
