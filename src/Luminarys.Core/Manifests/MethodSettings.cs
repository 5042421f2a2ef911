namespace Luminarys.Manifests;

/// <summary>What a manifest says about one method. A null says nothing.</summary>
/// <param name="Idempotent">Running it twice is as good as once: it may be retried after an unknown outcome.</param>
/// <param name="ReadOnly">It changes nothing.</param>
/// <param name="Destructive">It may destroy something.</param>
/// <param name="OpenWorld">It reaches beyond this host.</param>
/// <param name="Title">Name for people.</param>
public sealed record MethodSettings(
    bool? Idempotent = null,
    bool? ReadOnly = null,
    bool? Destructive = null,
    bool? OpenWorld = null,
    string? Title = null);
