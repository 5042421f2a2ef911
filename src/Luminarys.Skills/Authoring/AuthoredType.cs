namespace Luminarys.Skills.Authoring;

/// <summary>A type of the source language.</summary>
/// <param name="Kind">What it is on the wire.</param>
/// <param name="Spelling">How the source writes it, without its being optional.</param>
/// <param name="IsOptional">Whether the source says that it may be absent.</param>
public sealed record AuthoredType(AuthoredKind Kind, string Spelling, bool IsOptional = false);
