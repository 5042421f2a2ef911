using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Manifests.Configuration;
using Luminarys.Permissions;
using Luminarys.Permissions.Network;

namespace Luminarys.Cli;

/// <summary>Says what a manifest allows: the verdict, the rule that decided, and the manifest line that would allow it. Nothing is opened, resolved or started.</summary>
internal static class ExplainCommand
{
    public static int Run(string manifestFile, string capability, string resource, ConfigurationSource source, TextWriter output, TextWriter errors)
    {
        var directory = Directory.GetCurrentDirectory();
        if (!TryReadHost(source, directory, errors, out var policy, out var variables))
        {
            return ExitCode.Usage;
        }

        var result = new ManifestReader(directory, variables).Read(manifestFile);
        ConfigurationLoader.Print(result.Problems, errors);
        if (result.Manifest is not { } manifest)
        {
            return ExitCode.Usage;
        }

        if (!ExplainQuestion.TryAsk(new PermissionJudge(manifest, policy), capability, resource, out var verdict, out var note))
        {
            errors.WriteLine(note);
            return ExitCode.Usage;
        }

        output.WriteLine($"{(verdict.IsAllowed ? "allowed" : "denied")}: {capability} {resource}");
        output.WriteLine($"rule:  {verdict.Rule}");
        if (!verdict.IsAllowed)
        {
            output.WriteLine($"allow: {(verdict.Remedy.Length > 0 ? verdict.Remedy : "no manifest can allow it")}");
        }

        if (note.Length > 0)
        {
            output.WriteLine($"note:  {note}");
        }

        return verdict.IsAllowed ? ExitCode.Ok : ExitCode.Denied;
    }

    // A host without a configuration judges as one with the defaults does.
    private static bool TryReadHost(
        ConfigurationSource source, string directory, TextWriter errors, out NetworkPolicy policy, out IReadOnlyDictionary<string, string> variables)
    {
        var reader = new HostConfigurationReader(directory, ProcessEnvironment.Read());
        var result = source.File is null ? reader.ReadDefaults() : reader.Read(source.File);
        ConfigurationLoader.Print(result.Problems.Where(problem => problem.Severity == ConfigurationSeverity.Error), errors);
        policy = new NetworkPolicy { DenyInternal = result.Configuration?.NetworkInternal == InternalNetworkRule.Deny };
        variables = result.Configuration?.Variables ?? ImmutableDictionary<string, string>.Empty;
        return result.Configuration is not null;
    }
}
