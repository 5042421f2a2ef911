namespace Luminarys.Chaos;

/// <summary>A broken promise about one call.</summary>
internal sealed record Violation(ViolationKind Kind, string Id, string Details);
