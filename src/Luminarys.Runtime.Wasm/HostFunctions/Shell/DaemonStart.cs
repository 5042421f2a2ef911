using System.Buffers;
using System.Security.Cryptography;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>Starts a program that goes on when the skill's call has ended.</summary>
internal sealed class DaemonStart(SkillServices services, ShellRoom room, ShellDefences defences)
{
    private const string Function = "shell_exec";
    private static readonly TimeSpan s_watch = TimeSpan.FromMilliseconds(200);

    public string? Run(HostCall call, ShellRequest request, LaunchPlan plan, string mark, IBufferWriter<byte> answer)
    {
        if (room.Daemons.Running.Length >= DaemonTable.Most)
        {
            return $"too many daemons: {DaemonTable.Most} are allowed";
        }

        var (log, file, fault) = OpenLog(call, request.LogFile);
        if (log is null)
        {
            return fault;
        }

        var launched = ProgramLauncher.Start(plan, defences);
        if (launched.Error != 0)
        {
            log.Dispose();
            return $"io: the program cannot be started (system error {launched.Error})";
        }

        var daemon = new Daemon(launched, new ProcessTree(launched.Pid, mark), log, file, Path.GetFileName(plan.Program));
        room.Daemons.Add(daemon);
        if (daemon.AwaitOutput(s_watch) && !daemon.IsRunning && daemon.ExitCode is > 0 and var code)
        {
            new ShellAnswer(daemon.Beginning, code).Write(answer);
            return null;
        }

        new ShellAnswer("", 0, daemon.Pid, file).Write(answer);
        return null;
    }

    // In a writable directory of the skill, or in the temporary directory.
    private (IStagedFile? Log, string File, string? Fault) OpenLog(HostCall call, string requested)
    {
        var temporary = Path.GetTempPath().TrimEnd('/');
        var file = requested.Length > 0 ? requested : $"{temporary}/luminarys-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.log";
        if (!file.StartsWith($"{temporary}/", StringComparison.Ordinal))
        {
            return Append(services.GrantedFiles, call, file);
        }

        using var files = services.Files.Grant([new DirectoryGrant(temporary, AccessMode.ReadWrite)], new List<string>());
        return Append(files, call, file);
    }

    private (IStagedFile? Log, string File, string? Fault) Append(IGrantedFiles files, HostCall call, string file)
    {
        var created = files.Create(file, FileCreation.Append);
        return created.IsSuccess ? (created.Value, file, null) : (null, file, services.Gate.Explain(call, Function, created.Fault));
    }
}
