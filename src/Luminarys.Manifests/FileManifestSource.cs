using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Manifests;

/// <summary>Manifests from a list of files, in that order. Reads them anew at each call. Thread-safe.</summary>
/// <param name="paths">Manifest files, see <see cref="Configuration.HostConfiguration.Skills"/>.</param>
/// <param name="reader">Reads each file.</param>
public sealed class FileManifestSource(IReadOnlyList<string> paths, ManifestReader reader) : IManifestSource
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ManifestResult>> ReadAsync(CancellationToken cancellationToken)
    {
        var results = new List<ManifestResult>(paths.Count);
        var owners = new Dictionary<SkillId, string>();
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(WithoutDuplicate(reader.Read(path), owners));
        }

        return ValueTask.FromResult<IReadOnlyList<ManifestResult>>(results);
    }

    /// <summary>The first file keeps the id.</summary>
    private static ManifestResult WithoutDuplicate(ManifestResult result, Dictionary<SkillId, string> owners)
    {
        if (result.Manifest is not { } manifest || owners.TryAdd(manifest.Id, result.Source))
        {
            return result;
        }

        var problem = new ConfigurationProblem(
            ConfigurationSeverity.Error,
            result.Source,
            0,
            "id",
            $"the skill id '{manifest.Id}' is taken by {owners[manifest.Id]}: give one of the two files another id");
        return new ManifestResult(result.Source, null, [.. result.Problems, problem]);
    }
}
