using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// Where every host function asks before it acts. A denial goes to the log with skill, capability, resource, rule and the manifest line that would
/// allow it; the guest gets two words.
/// </summary>
internal sealed class PermissionGate(Manifest manifest, ILogger logger)
{
    /// <summary>What a guest is told of any denial.</summary>
    public const string Denied = "permission denied";

    /// <summary>Null when the verdict allows, else the guest's answer, after the denial was logged.</summary>
    public string? Check(HostCall call, string function, string resource, Verdict verdict)
    {
        if (verdict.IsAllowed)
        {
            return null;
        }

        Log.PermissionDenied(logger, manifest.Id.Value, call.Id.ToString(), function, resource, verdict.Rule, verdict.Remedy);
        return Denied;
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
}
