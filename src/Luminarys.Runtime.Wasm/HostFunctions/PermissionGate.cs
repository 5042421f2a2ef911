using Luminarys.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// Where every host function asks before it acts. A denial goes to the log and the audit log with skill, capability, resource, rule and the
/// manifest line that would allow it, without secrets; the guest gets two words.
/// </summary>
internal sealed class PermissionGate(
    Manifest manifest, ILogger logger, TimeProvider? time = null, AuditLog? audit = null, LogDefences? defences = null, ISkillObserver? observer = null)
{
    /// <summary>What a guest is told of any denial.</summary>
    public const string Denied = "permission denied";

    private const int MaxShown = 1024;

    private readonly Redaction _redaction = (defences ?? LogDefences.All).HidesSecrets ? Redaction.Of(manifest) : Redaction.None;
    private readonly LineBudget _budget = new(time ?? TimeProvider.System, defences ?? LogDefences.All);

    /// <summary>Null when the verdict allows, else the guest's answer, after the denial was logged.</summary>
    public string? Check(HostCall call, string function, string resource, Verdict verdict)
    {
        if (call.IsObserved)
        {
            call.Note(Show(resource), Show(verdict));
        }

        return Refuse(call.Id, function, resource, verdict);
    }

    /// <summary>The same, outside of a host function.</summary>
    public string? Check(CallId call, string function, string resource, Verdict verdict)
    {
        var answer = Refuse(call, function, resource, verdict);
        if (answer is not null)
        {
            observer?.HostCallEnded(new(manifest.Id, call, function, Show(resource), Show(verdict), answer, TimeSpan.Zero));
        }

        return answer;
    }

    /// <summary>What the guest is told of a fault of a file, after a denial was logged.</summary>
    public string Explain(HostCall call, string function, FileFault fault)
    {
        switch (fault.Error)
        {
            case FileError.Denied:
                var verdict = fault.Verdict ?? Verdict.Deny(fault.Detail, "");
                return Check(call, function, fault.Path, verdict with { IsAllowed = false })!;
            case FileError.NotFound:
                return $"not found: {fault.Path}";
            case FileError.AlreadyExists:
                return $"already exists: {fault.Path}";
            case FileError.IsDirectory:
                return $"is a directory: {fault.Path}";
            case FileError.NotDirectory:
                return $"not a directory: {fault.Path}";
            case FileError.InvalidPath:
                return $"invalid argument: path: {fault.Detail}";
            case FileError.Limit:
                return $"too large: {fault.Detail}";
            case FileError.NoSpace:
                return "io: no space left";
            case FileError.Cancelled:
                return "cancelled";
            default:
                return $"io: {fault.Detail}";
        }
    }

    private string? Refuse(CallId call, string function, string resource, Verdict verdict)
    {
        if (verdict.IsAllowed)
        {
            return null;
        }

        LuminarysDiagnostics.DeniedActs.Add(1, new KeyValuePair<string, object?>("luminarys.function", function));
        if (_budget.TryTake(out var dropped))
        {
            Record(call, function, Show(resource), Show(verdict.Rule), Show(verdict.Remedy));
        }

        if (dropped > 0)
        {
            Log.DenialsDropped(logger, manifest.Id.Value, dropped);
        }

        return Denied;
    }

    private void Record(CallId call, string function, string resource, string rule, string remedy)
    {
        var advice = remedy.Length > 0 ? $"to allow it, write {remedy}" : "no manifest can allow it";
        Log.PermissionDenied(logger, manifest.Id.Value, call.ToString(), function, resource, rule, advice);
        audit?.Denied(manifest.Id, call, function, resource, rule);
    }

    private Verdict Show(Verdict verdict) => verdict with { Rule = Show(verdict.Rule), Remedy = Show(verdict.Remedy) };

    private string Show(string text) => LogText.Visible(_redaction.Apply(text, 8 * MaxShown), MaxShown);
}
