using System.CommandLine;
using Luminarys.Manifests;
using Luminarys.Trust;

namespace Luminarys.Lmsk;

/// <summary>The trust folder that a command works on.</summary>
internal static class TrustPlace
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public static Option<string> Option() => new("-dir", "--dir")
    {
        Description = "The trust folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "trust",
    };

    /// <summary>Name of the file that holds a key's record.</summary>
    public static string FileOf(string directory, KeyId key) => Path.Combine(directory, $"{key}.yaml");

    /// <summary>Name of the file that holds the revoked keys.</summary>
    public static string RevocationsOf(string directory) => Path.Combine(directory, "revocations.yaml");

    /// <summary>What the folder holds; null after lines in <paramref name="errors"/> when any of it cannot be read. Nothing is written over what is not understood.</summary>
    public static async Task<TrustFolder?> ReadAsync(string directory, TextWriter errors, CancellationToken cancellationToken)
    {
        var folder = await new TrustFolderReader(Path.GetFullPath(directory)).ReadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var problem in folder.Problems)
        {
            await errors.WriteLineAsync(InfoText.Show(problem.ToString())).ConfigureAwait(false);
        }

        return folder.Problems.Any(problem => problem.Severity == ConfigurationSeverity.Error) ? null : folder;
    }

    /// <summary>Writes one file of the folder.</summary>
    public static bool TryWrite(string file, string text, TextWriter errors)
    {
        try
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, Mode);
            }
        }
        catch (Exception exception) when (Disk.IsOfFiles(exception))
        {
            errors.WriteLine($"{file}: it cannot be written: {exception.Message}");
            return false;
        }

        return Disk.TryReplace(file, System.Text.Encoding.UTF8.GetBytes(text), errors);
    }
}
