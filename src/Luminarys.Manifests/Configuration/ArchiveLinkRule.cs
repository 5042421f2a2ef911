namespace Luminarys.Manifests.Configuration;

/// <summary>What happens to links inside archives (<c>archive.links</c>).</summary>
public enum ArchiveLinkRule
{
    /// <summary>The archive is refused.</summary>
    Error,

    /// <summary>The link is left out.</summary>
    Skip,
}
