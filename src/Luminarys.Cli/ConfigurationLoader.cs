using Luminarys.Manifests;
using Luminarys.Manifests.Configuration;
using Luminarys.Ports;

namespace Luminarys.Cli;

/// <summary>Reads the configuration of a run and prints every finding, one line each.</summary>
internal static class ConfigurationLoader
{
    /// <summary>The configuration and the source of its manifests; null when the configuration is not usable.</summary>
    /// <param name="source">Which configuration.</param>
    /// <param name="output">Where findings are printed.</param>
    /// <param name="unknownKeys">How bad an unknown key is.</param>
    /// <param name="isForOperator">Whether the command is one of operators, who are no nodes.</param>
    public static (HostConfiguration Configuration, IManifestSource Manifests)? Load(
        ConfigurationSource source, TextWriter output, ConfigurationSeverity unknownKeys, bool isForOperator = false)
    {
        var directory = Directory.GetCurrentDirectory();
        var reader = new HostConfigurationReader(directory, ProcessEnvironment.Read()) { UnknownKeys = unknownKeys, IsForOperator = isForOperator };
        var result = source.File is null ? reader.ReadDefaults() : reader.Read(source.File);
        Print(result.Problems, output);
        if (result.Configuration is not { } configuration)
        {
            return null;
        }

        var manifestReader = new ManifestReader(directory, configuration.Variables) { UnknownKeys = unknownKeys };
        return (configuration, source.File is null
            ? new DemoManifestSource()
            : new FileManifestSource(configuration.Skills, manifestReader));
    }

    public static void Print(IEnumerable<ConfigurationProblem> problems, TextWriter output)
    {
        foreach (var problem in problems)
        {
            output.WriteLine(problem);
        }
    }
}
