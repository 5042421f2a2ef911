using Luminarys.Manifests;
using Luminarys.Manifests.Configuration;
using Luminarys.Skills.Trust;

namespace Luminarys.Cli;

/// <summary>Checks a configuration and the manifests that it names, without starting anything. Here a warning about an unknown key is an error.</summary>
internal static class CheckCommand
{
    public static async Task<int> RunAsync(ConfigurationSource source, TextWriter output, CancellationToken cancellationToken)
    {
        if (ConfigurationLoader.Load(source, output, ConfigurationSeverity.Error) is not var (configuration, manifests))
        {
            return ExitCode.Configuration;
        }

        var good = true;
        foreach (var result in await manifests.ReadAsync(cancellationToken))
        {
            ConfigurationLoader.Print(result.Problems, output);
            good &= result.Manifest is not null;
        }

        good &= await CheckTrustAsync(configuration.Trust, output, cancellationToken);
        await output.WriteLineAsync(good ? "ok" : "not usable");
        return good ? ExitCode.Ok : ExitCode.Configuration;
    }

    private static async Task<bool> CheckTrustAsync(TrustConfiguration trust, TextWriter output, CancellationToken cancellationToken)
    {
        if (trust.Directory is not { } directory)
        {
            return true;
        }

        var folder = await new TrustFolderReader(directory).ReadAsync(cancellationToken);
        ConfigurationLoader.Print(folder.Problems, output);
        if (TrustReview.Open(folder, TimeProvider.System.GetUtcNow(), trust.Revocation == RevocationRule.Required).Refusal is { } refusal)
        {
            await output.WriteLineAsync($"{directory}: error: {refusal}");
            return false;
        }

        return folder.Problems.All(problem => problem.Severity != ConfigurationSeverity.Error);
    }
}
