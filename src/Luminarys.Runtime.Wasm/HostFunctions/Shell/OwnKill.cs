using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// <c>kill</c>, <c>pkill</c> and <c>killall</c> as skills have them: they reach the skill's own daemons and nothing else. The system's would let a skill
/// that may run <c>kill</c> stop the host.
/// </summary>
internal static class OwnKill
{
    private static readonly Dictionary<string, int> s_signals = new(StringComparer.OrdinalIgnoreCase)
    {
        ["0"] = 0, ["HUP"] = 1, ["INT"] = 2, ["QUIT"] = 3, ["KILL"] = 9, ["USR1"] = 10, ["USR2"] = 12, ["TERM"] = 15, ["CONT"] = 18, ["STOP"] = 19,
    };

    /// <summary>
    /// Which of the programs that this stands for was named, by the command or by the file itself; null for none. A file of another name may be meant by
    /// the command's: several programs in one file look at how they are called.
    /// </summary>
    public static string? NameOf(string command, FoundProgram program) =>
        new[] { Path.GetFileName(command), program.BaseName }
            .FirstOrDefault(name => name is "kill" or "pkill" or "killall" or "killall5" or "skill" or "snice" or "xkill");

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">Its words; the first one is the program.</param>
    /// <param name="byName">Whether daemons are named by their program instead of their process.</param>
    /// <param name="daemons">The skill's own that run.</param>
    public static ShellAnswer Run(ImmutableArray<string> arguments, bool byName, Daemon[] daemons)
    {
        if (!TryReadSignal(arguments, out var signal, out var targets))
        {
            return new($"{arguments[0]}: unknown signal; known are {string.Join(' ', s_signals.Keys)} and their numbers\n", 1);
        }

        if (targets.Length == 0)
        {
            return new($"{arguments[0]}: name a daemon\n", 1);
        }

        var output = new StringBuilder();
        foreach (var target in targets)
        {
            var found = daemons.Where(daemon => byName ? daemon.Name == target : IsPid(target, daemon.Pid)).ToArray();
            if (found.Length == 0)
            {
                output.Append(CultureInfo.InvariantCulture, $"{arguments[0]}: ({target}) - No such process\n");
            }

            foreach (var daemon in found)
            {
                daemon.Tree.Signal(signal);
            }
        }

        return new(output.ToString(), output.Length > 0 ? 1 : 0);
    }

    private static bool IsPid(string target, int pid) =>
        int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == pid;

    private static bool TryReadSignal(ImmutableArray<string> arguments, out int signal, out string[] targets)
    {
        signal = Libc.Terminate;
        targets = [.. arguments.Skip(1)];
        var name = targets switch
        {
            ["-s" or "--signal" or "-n", var next, ..] => next,
            [{ Length: > 1 } first, ..] when first[0] == '-' && first != "--" => first[1..],
            _ => null,
        };
        if (name is not null)
        {
            targets = targets[0] is "-s" or "--signal" or "-n" ? targets[2..] : targets[1..];
            if (!TryParseSignal(name, out signal))
            {
                return false;
            }
        }

        targets = [.. targets.Where(target => target != "--")];
        return true;
    }

    private static bool TryParseSignal(string name, out int signal)
    {
        var plain = name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? name[3..] : name;
        return s_signals.TryGetValue(plain, out signal)
            || (int.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out signal) && s_signals.ContainsValue(signal));
    }
}
