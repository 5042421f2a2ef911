using System.Collections.Frozen;
using System.Collections.Immutable;
using Luminarys.Manifests.Sections;
using Luminarys.Manifests.Yaml;
using Luminarys.Ports;
using Luminarys.Trust;

namespace Luminarys.Manifests;

/// <summary>
/// Reads a trust folder: a record <c>&lt;key id>.yaml</c> for each key, and <c>revocations.yaml</c>. All problems come in the result. An unknown key in a file is an
/// error: a misspelt limit would be no limit. No variable is set for them. A folder that does not exist holds nothing. Thread-safe.
/// </summary>
/// <param name="directory">Absolute path of the folder.</param>
public sealed class TrustFolderReader(string directory) : ITrustSource
{
    private const int MaxRecords = 1024;
    private const string Ending = ".yaml";
    private const string Revocations = "revocations" + Ending;
    private const UnixFileMode ForOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The folder.</summary>
    public string Directory { get; } = directory;

    /// <inheritdoc/>
    public ValueTask<TrustFolder> ReadAsync(CancellationToken cancellationToken)
    {
        var problems = ImmutableArray.CreateBuilder<ConfigurationProblem>();
        if (FindFiles(problems) is not { } files)
        {
            return ValueTask.FromResult(TrustFolder.Empty with { Problems = problems.ToImmutable(), IsRevocationListBroken = true });
        }

        var keys = ImmutableArray.CreateBuilder<KeyRecord>();
        var broken = ImmutableArray.CreateBuilder<KeyId>();
        RevocationList? revocations = null;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WarnIfOpen(file, problems);
            if (Path.GetFileName(file) == Revocations)
            {
                revocations = Read(file, TrustDocument.ReadRevocations, problems);
                continue;
            }

            // A record that cannot be used may have said that its key is revoked: the key that its name says, and the one inside.
            KeyRecord? read = null;
            var named = FindName(file);
            if (Read(file, root => read = TrustDocument.ReadKey(root, named), problems) is { } record)
            {
                keys.Add(record);
                continue;
            }

            broken.AddRange(new[] { named, read is { PublicKey.IsEmpty: false } ? read.Id : null }.OfType<KeyId>().Distinct());
        }

        var isListBroken = revocations is null && Path.Exists(Path.Combine(Directory, Revocations));
        if (isListBroken && !files.Contains(Path.Combine(Directory, Revocations)))
        {
            problems.Add(new(ConfigurationSeverity.Error, Path.Combine(Directory, Revocations), 0, "", "it is a directory: put the list in its place, or remove it"));
        }

        return ValueTask.FromResult(new TrustFolder(keys.ToImmutable(), revocations, problems.ToImmutable())
        {
            BrokenKeys = broken.ToImmutable(),
            IsRevocationListBroken = isListBroken,
        });
    }

    // Null when nobody can tell what is there.
    private string[]? FindFiles(ImmutableArray<ConfigurationProblem>.Builder problems)
    {
        try
        {
            WarnIfOpen(Directory, problems);
            string[] files = [.. System.IO.Directory.EnumerateFiles(Directory, $"*{Ending}").Take(MaxRecords + 1).Order(StringComparer.Ordinal)];
            if (files.Length > MaxRecords)
            {
                problems.Add(new(ConfigurationSeverity.Error, Directory, 0, "", $"the trust folder holds more than {MaxRecords} files: remove records of keys that nothing needs"));
                return null;
            }

            problems.AddRange(System.IO.Directory.EnumerateFiles(Directory, "*.yml")
                .Select(file => new ConfigurationProblem(ConfigurationSeverity.Warning, file, 0, "", $"it is not read: let its name end in {Ending}")));
            return files;
        }
        catch (DirectoryNotFoundException) when (new FileInfo(Directory) is { Exists: false, LinkTarget: null })
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(ConfigurationSeverity.Error, Directory, 0, "", "the trust folder cannot be read: check that it is a directory and its permissions"));
            return null;
        }
    }

    private T? Read<T>(string file, Func<SectionReader, T?> read, ImmutableArray<ConfigurationProblem>.Builder problems)
        where T : class
    {
        var (text, complaint) = InputFile.Read(file);
        if (text is null)
        {
            problems.Add(new(ConfigurationSeverity.Error, file, 0, "", complaint ?? ""));
            return null;
        }

        var reader = new DocumentReader(Directory, FrozenDictionary<string, string>.Empty, ConfigurationSeverity.Error, []);
        var (value, found) = reader.Read(file, text, read);
        problems.AddRange(found.ToImmutable());
        return value;
    }

    private static KeyId? FindName(string file) =>
        KeyId.TryParse(Path.GetFileNameWithoutExtension(file), out var id) && id.Hex == Path.GetFileNameWithoutExtension(file) ? id : null;

    private static void WarnIfOpen(string path, ImmutableArray<ConfigurationProblem>.Builder problems)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && Path.Exists(path) && (File.GetUnixFileMode(path) & ForOthers) != 0)
            {
                problems.Add(new(ConfigurationSeverity.Warning, path, 0, "", $"others may write to it and so decide whom this host trusts: chmod go-w {path}"));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A link to nothing, or a file that was removed just now: whoever reads it says so.
        }
    }
}
