using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Luminarys.Permissions;
using Luminarys.Permissions.Commands;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary><c>shell_exec</c>: runs programs without a shell.</summary>
internal sealed class ShellFunctions : IHostFunctions
{
    private const string Function = "shell_exec";
    private const int NotFound = 127;
    private const int AnswerFrame = 1024;
    private static readonly TimeSpan s_standard = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(900);

    private readonly SkillServices _services;
    private readonly ShellDefences _defences;
    private readonly CommandRules _rules;
    private readonly WorkDirectories _directories;
    private readonly ProgramFinder _finder;
    private readonly Lazy<ShellRoom> _room;

    /// <summary>Makes the function of one skill.</summary>
    public ShellFunctions(SkillServices services)
        : this(services, ShellDefences.All)
    {
    }

    internal ShellFunctions(SkillServices services, ShellDefences defences)
    {
        (_services, _defences) = (services, defences);
        var path = services.Options.ShellPath.ToImmutableArray();
        _rules = new(services.Manifest.Permissions.Shell);
        _directories = new(services);
        _finder = new(path, defences);
        _room = new(() => ShellRoom.Make(services, path, defences));

        // A crashed host's daemons are ended now, not when the skill first runs a program.
        if (services.Manifest.Permissions.Shell is not null && OperatingSystem.IsLinux())
        {
            FindRoom();
        }
    }

    /// <inheritdoc/>
    public HostFunction? Find(string name) => name == Function ? Execute : null;

    /// <inheritdoc/>
    public void OnInstanceDiscarded()
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_room is { IsValueCreated: true, Value: { } room })
        {
            room.Dispose();
        }

        _directories.Dispose();
        return ValueTask.CompletedTask;
    }

    private string? Execute(HostCall call, ReadOnlyMemory<byte> message, IBufferWriter<byte> answer)
    {
        var request = ShellRequest.Read(message);
        var verdict = _rules.Judge(request.Command, out var arguments, out var fault);
        if (fault is not null)
        {
            return $"invalid argument: command: {fault}";
        }

        var shown = arguments.IsEmpty ? request.Command : CommandLine.Format(arguments);
        if ((_defences.Allowlist || arguments.IsEmpty) && _services.Gate.Check(call, Function, shown, verdict) is { } denial)
        {
            return denial;
        }

        if (!OperatingSystem.IsLinux())
        {
            return "not available: shell_exec needs Linux";
        }

        GuestRegex? filter = null;
        if (request.Grep.Length > 0
            && !GuestRegex.TryParse("grep", request.Grep, ignoreCase: false, isLiteral: false, RegexDefences.All, out filter, out var grepFault))
        {
            return grepFault;
        }

        return FindRoom() is { } room
            ? Execute(call, request, arguments, new ShellStep(room, filter), answer)
            : "io: the host has no place for programs; its log says why";
    }

    private string? Execute(HostCall call, ShellRequest request, ImmutableArray<string> arguments, ShellStep step, IBufferWriter<byte> answer)
    {
        var (directory, fault) = _directories.Open(call, request.WorkDirectory, step.Room.Standard);
        if (directory is null)
        {
            return fault;
        }

        using (directory)
        {
            var program = _finder.Find(arguments[0], directory);
            if (_defences.OwnKill && OwnKill.NameOf(arguments[0], program) is { } kill)
            {
                OwnKill.Run(arguments, byName: kill != "kill", step.Room.Daemons.Running).Write(answer);
                return null;
            }

            if (program.Refusal is { } refusal)
            {
                return _services.Gate.Check(call, Function, CommandLine.Format(arguments), Verdict.Deny($"fixed rule: {refusal}", ""));
            }

            if (program.Path is null)
            {
                var known = arguments[0] == "pwd" ? new ShellAnswer($"{WorkDirectories.NameOf(directory)}\n", 0) : null;
                (known ?? new($"{arguments[0]}: command not found\n", NotFound)).Write(answer);
                return null;
            }

            return Start(call, request, arguments, program.Path, directory, step, answer);
        }
    }

    private string? Start(
        HostCall call, ShellRequest request, ImmutableArray<string> arguments, string program, SafeFileHandle directory, ShellStep step, IBufferWriter<byte> answer)
    {
        var limit = call.Limit(request.TimeoutMs, s_standard, s_longest);

        // Processor time counts on each core.
        var plan = step.Room.Plan(program, arguments, directory, request.IsDaemon ? 0 : (long)s_longest.TotalSeconds * Environment.ProcessorCount);
        if (request.IsDaemon)
        {
            return new DaemonStart(_services, step.Room, _defences).Run(call, request, plan, answer);
        }

        var launched = ProgramLauncher.Start(plan, _defences);
        step.Room.Report(launched);
        if (launched.Tree is null)
        {
            new ShellAnswer($"{arguments[0]}: {ErrorText(launched)}\n", launched.Error == 2 ? NotFound : NotFound - 1).Write(answer);
            return null;
        }

        var kept = Math.Min(OutputCollector.Kept, _services.MaxAnswerBytes - AnswerFrame);
        var collector = new OutputCollector(step.Filter, new MatchBudget(_services.Time, RegexDefences.All), request.Tail, kept);
        var outcome = new ProgramRun(launched, collector, _services.Time).Run(limit, _defences, call.Cancellation);
        if (outcome.Left > 0)
        {
            Log.ProcessesLeft(_services.Logger, _services.Manifest.Id.Value, outcome.Left);
        }

        return Answer(outcome, collector, limit, answer);
    }

    private static string? Answer(ProgramOutcome outcome, OutputCollector collector, TimeSpan limit, IBufferWriter<byte> answer)
    {
        if (outcome.IsTimeout)
        {
            return $"timeout after {(long)limit.TotalMilliseconds} ms";
        }

        if (outcome.ExitCode is not { } code)
        {
            return outcome.IsCodeUnknown ? "exit code unknown: another part of the host's process has taken it" : "cancelled";
        }

        var output = collector.Finish();
        if (collector.Fault is { } filterFault)
        {
            return filterFault;
        }

        new ShellAnswer(output, code).Write(answer);
        return null;
    }

    private ShellRoom? FindRoom()
    {
        try
        {
            return _room.Value;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.ShellHasNoRoom(_services.Logger, _services.Manifest.Id.Value, exception.Message);
            return null;
        }
    }

    private static string ErrorText(LaunchedProgram launched) => launched.Error switch
    {
        2 => "command not found",
        8 => "cannot execute: not a program of this system",
        13 => "permission denied by the system",
        _ => $"cannot execute: {launched.Shortfall ?? $"system error {launched.Error}"}",
    };

    private sealed record ShellStep(ShellRoom Room, GuestRegex? Filter);
}
