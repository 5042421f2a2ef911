namespace Luminarys.Manifests.Validation;

/// <summary>Reads one scalar. Answers null, or what is wrong with it in words that follow the quoted value: "is not a duration".</summary>
internal delegate string? ValueRule<T>(string text, out T value);
