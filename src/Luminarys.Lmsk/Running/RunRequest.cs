namespace Luminarys.Lmsk.Running;

/// <summary>What <c>lmsk run</c> is asked for.</summary>
/// <param name="File">A package or a module.</param>
/// <param name="Method">Method to call; null describes the skill.</param>
/// <param name="Arguments"><c>key=value</c> each.</param>
internal sealed record RunRequest(string File, string? Method, IReadOnlyList<string> Arguments)
{
    /// <summary>The arguments as one JSON object; null without one.</summary>
    public string? Json { get; init; }

    /// <summary>A manifest to run it with; null without one.</summary>
    public string? ManifestFile { get; init; }

    /// <summary>What <c>--allow</c> grants.</summary>
    public IReadOnlyList<string> Grants { get; init; } = [];
}
