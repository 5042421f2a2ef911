using System.Collections;
using System.Collections.Immutable;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// The variables of a program, made from nothing: a few that programs need, and the manifest's, which win. What the host itself was started with, such as the
/// bus token, is not among them.
/// </summary>
internal static class ProgramEnvironment
{
    public static IReadOnlyList<string> Make(
        IReadOnlyList<string> path, ProgramPlaces places, ImmutableDictionary<string, string> configured, ProcessMark mark, ShellDefences defences)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!defences.CleanEnvironment)
        {
            foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            {
                variables[(string)entry.Key] = (string?)entry.Value ?? "";
            }
        }

        variables["PATH"] = string.Join(':', path);
        variables["HOME"] = places.Home;
        variables["TMPDIR"] = places.Temporary;
        variables["LANG"] = Environment.GetEnvironmentVariable("LANG") is { Length: > 0 } language ? language : "C.UTF-8";
        variables["USER"] = Environment.UserName;
        foreach (var (key, value) in configured)
        {
            variables[key] = value;
        }

        variables[ProcessMark.Variable] = mark.Name;
        return [.. variables.Where(pair => !pair.Value.Contains('\0', StringComparison.Ordinal)).Select(pair => $"{pair.Key}={pair.Value}")];
    }
}
