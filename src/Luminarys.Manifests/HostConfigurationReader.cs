using System.Collections.Immutable;
using Luminarys.Manifests.Configuration;
using Luminarys.Manifests.Sections;
using Luminarys.Manifests.Substitution;

namespace Luminarys.Manifests;

/// <summary>
/// Reads host configurations. All problems of a file come in one result; nothing is thrown for a bad file, and no value that came from a
/// variable or a secret key is part of a message. Thread-safe.
/// </summary>
/// <param name="workingDirectory">Absolute directory that relative paths in the file start from.</param>
/// <param name="environment">The real environment. It wins over the <c>.env</c> and <c>.env.local</c> beside the file.</param>
public sealed class HostConfigurationReader(string workingDirectory, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>How bad an unknown key is: a warning, or an error for a strict check.</summary>
    public ConfigurationSeverity UnknownKeys { get; init; } = ConfigurationSeverity.Warning;

    /// <summary>Whether the file may be that of an operator's commands: then <c>cluster.node_id</c> may be the name of an operator, <c>op-…</c>.</summary>
    public bool IsForOperator { get; init; }

    /// <summary>Reads a file. A relative path starts from the working directory.</summary>
    public HostConfigurationResult Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var fullPath = Path.GetFullPath(path, workingDirectory);
        var (text, complaint) = InputFile.Read(fullPath);
        if (text is null)
        {
            return new HostConfigurationResult(null, [new(ConfigurationSeverity.Error, path, 0, "", complaint ?? "")]);
        }

        var directory = Path.GetDirectoryName(fullPath) ?? workingDirectory;
        var found = new List<ConfigurationProblem>();
        var variables = EnvironmentFiles.Overlay(directory, environment, found);
        var reader = new DocumentReader(workingDirectory, variables, UnknownKeys, UpcomingKeys.Host);
        var (configuration, problems) = reader.Read(path, text, root => HostDocument.Read(root, directory, variables, IsForOperator));
        return ToResult(configuration, [.. found, .. problems.ToImmutable()]);
    }

    /// <summary>
    /// The configuration of a host without a file: HTTP on port 8080 of every interface, state in memory, no skills. Variables come from
    /// the environment and the <c>.env</c> files of the working directory.
    /// </summary>
    public HostConfigurationResult ReadDefaults()
    {
        var found = new List<ConfigurationProblem>();
        var variables = EnvironmentFiles.Overlay(workingDirectory, environment, found);
        var configuration = new HostConfiguration("", workingDirectory) { Http = new HttpConfiguration(), Variables = variables };
        return ToResult(configuration, [.. found]);
    }

    private static HostConfigurationResult ToResult(HostConfiguration? configuration, ImmutableArray<ConfigurationProblem> problems) =>
        new(problems.Any(problem => problem.Severity == ConfigurationSeverity.Error) ? null : configuration, problems);
}
