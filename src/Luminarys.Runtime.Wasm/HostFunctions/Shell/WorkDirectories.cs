using System.Globalization;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>The directories in which a skill may run programs, opened by handle.</summary>
internal sealed class WorkDirectories : IDisposable
{
    private const string Function = "shell_exec";

    private readonly SkillServices _services;
    private readonly IGrantedFiles _files;
    private readonly bool _isUnrestricted;

    public WorkDirectories(SkillServices services)
    {
        _services = services;
        var allowed = services.Manifest.Permissions.Shell?.AllowedDirectories ?? [];
        _isUnrestricted = allowed.Contains(FenceMaker.Everywhere);
        _files = services.Files.Grant(
            [.. allowed.Select(pattern => new DirectoryGrant(pattern == FenceMaker.Everywhere ? "/" : pattern, AccessMode.ReadOnly))], new List<string>());
    }

    /// <summary>The path that a handle stands for.</summary>
    public static string NameOf(SafeFileHandle directory) =>
        new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.DangerousGetHandle()}")).LinkTarget ?? "/";

    /// <summary>Opens a directory; the handle is null when there is an answer for the guest.</summary>
    /// <param name="call">The call.</param>
    /// <param name="path">What the guest asks for; empty for no wish.</param>
    /// <param name="standard">Where a program runs when the manifest does not say either.</param>
    public (SafeFileHandle? Handle, string? Fault) Open(HostCall call, string path, string standard)
    {
        var directory = path.Length > 0 ? path : (_isUnrestricted ? null : _files.DefaultDirectory) ?? _services.GrantedFiles.DefaultDirectory ?? standard;
        var opened = _files.OpenDirectory(directory, AccessMode.ReadOnly);
        if (opened.IsSuccess)
        {
            return (opened.Value, null);
        }

        var fault = opened.Fault.Error == FileError.Denied
            ? opened.Fault with
            {
                Verdict = Verdict.Deny("nothing in permissions.shell.allowed_dirs covers it", $"permissions.shell.allowed_dirs: [\"{directory}\"]"),
            }
            : opened.Fault;
        return (null, _services.Gate.Explain(call, Function, fault));
    }

    public void Dispose() => _files.Dispose();
}
