using System.Collections.Immutable;
using System.Security.Cryptography;
using Luminarys.Manifests.Watching;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Manifests;

/// <summary>Manifests from a list of files, in that order. Reads them anew at each call, and notices when they or their packages change. Thread-safe.</summary>
/// <param name="paths">Manifest files, see <see cref="Configuration.HostConfiguration.Skills"/>.</param>
/// <param name="reader">Reads each file.</param>
public sealed class FileManifestSource(IReadOnlyList<string> paths, ManifestReader reader) : IManifestSource
{
    private volatile FileStamps _seen = FileStamps.Of([]);

    /// <summary>Whether changes are noticed; when not, they count at the next start. True by default.</summary>
    public bool Watches { get; init; } = true;

    /// <summary>The clock of the watch.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ManifestResult>> ReadAsync(CancellationToken cancellationToken)
    {
        var results = new List<ManifestResult>(paths.Count);
        var owners = new Dictionary<SkillId, string>();
        var stamps = ImmutableDictionary.CreateBuilder<string, FileStamp>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Looked at before it is read: what changes meanwhile is a change still to be noticed.
            var file = reader.Locate(path);
            stamps[file] = FileStamp.Of(file);
            var result = reader.Read(path);
            if (result.Manifest is { } manifest)
            {
                stamps[manifest.PackagePath] = FileStamp.Of(manifest.PackagePath);
                result = result with { Fingerprint = $"{result.Fingerprint} {await DigestAsync(manifest.PackagePath, cancellationToken).ConfigureAwait(false)}" };
            }

            results.Add(WithoutDuplicate(result, owners));
        }

        _seen = new(stamps.ToImmutable());
        return results;
    }

    /// <inheritdoc/>
    public async ValueTask WaitForChangeAsync(CancellationToken cancellationToken)
    {
        if (!Watches)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken).ConfigureAwait(false);
        }

        using var watch = new FileWatch(_seen);
        await watch.WaitAsync(Time, cancellationToken).ConfigureAwait(false);
    }

    // A package that cannot be read is what it is, too: it is tried again when that changes.
    private static async ValueTask<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return fault.GetType().Name;
        }
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
