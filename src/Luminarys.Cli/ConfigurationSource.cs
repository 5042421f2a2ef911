namespace Luminarys.Cli;

/// <summary>Which configuration a run uses.</summary>
/// <param name="File">The file; null for the built-in demo.</param>
internal sealed record ConfigurationSource(string? File)
{
    private const string DefaultFile = "host.yaml";

    /// <summary>The named file, else <c>host.yaml</c> of the working directory, else the built-in demo.</summary>
    public static ConfigurationSource Choose(string? named, string workingDirectory)
    {
        if (named is not null)
        {
            return new(named);
        }

        return System.IO.File.Exists(Path.Combine(workingDirectory, DefaultFile)) ? new(DefaultFile) : new((string?)null);
    }
}
