namespace Luminarys.Manifests.Configuration;

/// <summary>How this node proves itself to the bus (<c>cluster.auth</c>). Secret: its text form shows nothing.</summary>
/// <param name="Token">Bus token; null for none.</param>
/// <param name="User">Bus user; null for none.</param>
/// <param name="Password">Password of the user; null for none.</param>
public sealed record ClusterAuthentication(string? Token, string? User, string? Password)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(ClusterAuthentication);
}
