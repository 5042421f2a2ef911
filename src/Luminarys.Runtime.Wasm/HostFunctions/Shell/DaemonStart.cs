using System.Buffers;
using System.Security.Cryptography;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>Starts a program that goes on when the skill's call has ended.</summary>
internal sealed class DaemonStart(SkillServices services, ShellRoom room, ShellDefences defences)
{
    private const string Function = "shell_exec";
    private const string LogEnding = ".log";

    // With the start itself the call stays below 200 ms.
    private static readonly TimeSpan s_watch = TimeSpan.FromMilliseconds(150);

    public string? Run(HostCall call, ShellRequest request, LaunchPlan plan, IBufferWriter<byte> answer)
    {
        Daemon? daemon = null;
        string? fault = null;
        try
        {
            if (!room.Daemons.TryAdd(() => daemon = Start(call, request, plan, out fault)))
            {
                return $"too many daemons: {DaemonTable.Most} are allowed";
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "io: the table of daemons cannot be written";
        }

        if (daemon is null)
        {
            return fault;
        }

        var answered = daemon.AwaitEnd(s_watch) is > 0 and var code ? new ShellAnswer(daemon.Beginning, code) : new ShellAnswer("", 0, daemon.Pid, daemon.LogFile);
        answered.Write(answer);
        return null;
    }

    private Daemon? Start(HostCall call, ShellRequest request, LaunchPlan plan, out string? fault)
    {
        (var log, var file, fault) = OpenLog(call, request.LogFile);
        if (log is null)
        {
            return null;
        }

        var launched = ProgramLauncher.Start(plan, defences);
        room.Report(launched);
        if (launched.Tree is null)
        {
            log.Dispose();
            fault = $"io: the program cannot be started (system error {launched.Error})";
            return null;
        }

        return new Daemon(launched, log, file, Path.GetFileName(plan.Program), services.Time);
    }

    // In a writable directory of the skill, or right in the temporary directory. That one also holds files of others and maybe the host's own directories:
    // there a log is only what is called one, and nothing in a directory.
    private (IStagedFile? Log, string File, string? Fault) OpenLog(HostCall call, string requested)
    {
        var temporary = Path.GetTempPath().TrimEnd('/');
        var file = requested.Length > 0 ? requested : $"{temporary}/luminarys-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}{LogEnding}";
        if (Path.GetDirectoryName(file) != temporary || !file.EndsWith(LogEnding, StringComparison.Ordinal))
        {
            return Append(services.GrantedFiles, call, file);
        }

        using var files = services.Files.Grant([new DirectoryGrant(DirectoryPattern.Escape(temporary), AccessMode.ReadWrite)], new List<string>());
        return Append(files, call, file);
    }

    private (IStagedFile? Log, string File, string? Fault) Append(IGrantedFiles files, HostCall call, string file)
    {
        var created = files.Create(file, FileCreation.Append);
        return created.IsSuccess ? (created.Value, file, null) : (null, file, services.Gate.Explain(call, Function, created.Fault));
    }
}
