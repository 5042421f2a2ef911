using System.Security.Cryptography;
using System.Text;
using Luminarys.Manifests.Sections;

namespace Luminarys.Manifests;

/// <summary>
/// Reads skill manifests. All problems of a file come in one result; nothing is thrown for a bad file, and no value of <c>env</c> is part of
/// a message. Whether the package exists is not judged here. Thread-safe.
/// </summary>
/// <param name="workingDirectory">Absolute directory that relative paths in the file start from.</param>
/// <param name="variables">Variables for the substitution, see <see cref="Configuration.HostConfiguration.Variables"/>.</param>
public sealed class ManifestReader(string workingDirectory, IReadOnlyDictionary<string, string> variables)
{
    /// <summary>How bad an unknown key is: a warning, or an error for a strict check.</summary>
    public ConfigurationSeverity UnknownKeys { get; init; } = ConfigurationSeverity.Warning;

    /// <summary>Absolute path of a manifest file.</summary>
    internal string Locate(string path) => Path.GetFullPath(path, workingDirectory);

    /// <summary>Reads a file. A relative path starts from the working directory.</summary>
    public ManifestResult Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Locate(path);
        var (text, complaint) = InputFile.Read(file);
        if (text is null)
        {
            return new ManifestResult(path, null, [new(ConfigurationSeverity.Error, path, 0, "", complaint ?? "")]) { IsMissing = !File.Exists(file) };
        }

        var reader = new DocumentReader(workingDirectory, variables, UnknownKeys, UpcomingKeys.Manifest);
        var (manifest, problems) = reader.Read(path, text, ManifestDocument.Read);
        return new ManifestResult(path, manifest, problems.ToImmutable()) { Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) };
    }
}
