using System.Collections.Immutable;

namespace Luminarys.Permissions.Commands;

/// <summary>Which commands a skill may run. Immutable and thread-safe.</summary>
public sealed class CommandRules
{
    private const string Key = "permissions.shell.allowlist";

    private readonly ShellPermission? _permission;
    private readonly ImmutableArray<CommandPattern> _patterns;

    /// <summary>Compiles the patterns; one that cannot be read grants nothing.</summary>
    /// <param name="permission">The grant; null for none.</param>
    public CommandRules(ShellPermission? permission)
    {
        _permission = permission;
        _patterns =
        [
            .. (permission?.Allowlist ?? []).Select(text => CommandPattern.TryParse(text, out var pattern, out _) ? pattern : null).OfType<CommandPattern>(),
        ];
    }

    /// <summary>
    /// Judges a command line. An operator of a shell is denied under every manifest; a line that is none for another reason is denied as well, and
    /// <paramref name="fault"/> says what is wrong with it.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="arguments">Its words; empty when it has none or holds an operator.</param>
    /// <param name="fault">Why the line has no words; null when the verdict is about what it asks for.</param>
    public Verdict Judge(string line, out ImmutableArray<string> arguments, out string? fault)
    {
        if (CommandLine.TrySplit(line, out arguments, out fault, out var hasOperator))
        {
            return Judge(arguments);
        }

        arguments = [];
        var verdict = Verdict.Deny(hasOperator ? $"fixed rule: {fault}" : $"the command is refused: {fault}", "");
        fault = hasOperator ? null : fault;
        return verdict;
    }

    /// <summary>Judges the words of a command. The first one is the program.</summary>
    public Verdict Judge(ImmutableArray<string> arguments)
    {
        if (arguments.IsDefaultOrEmpty)
        {
            return Verdict.Deny("fixed rule: the command is empty", "");
        }

        if (_permission is null)
        {
            return Verdict.Deny("permissions.shell is not enabled", $"permissions.shell: {{ enabled: true, allowlist: [\"{PatternOf(arguments)}\"] }}");
        }

        if (arguments[0].Length == 0 || arguments[0].Split('/').Contains("..", StringComparer.Ordinal))
        {
            return Verdict.Deny("fixed rule: the program's path is empty or goes up with '..'", "");
        }

        if (_patterns.FirstOrDefault(pattern => pattern.IsMatch(arguments)) is { } match)
        {
            return Verdict.Allow($"{Key}: {match}");
        }

        return Verdict.Deny(
            _permission.Allowlist.IsEmpty ? $"{Key} is empty" : $"nothing in {Key} matches", $"{Key}: [\"{PatternOf(arguments)}\"]");
    }

    private static string PatternOf(ImmutableArray<string> arguments) => $"{CommandLine.Format(arguments.Take(1))} **";
}
