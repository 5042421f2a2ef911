namespace Luminarys.Samples;

/// <summary>What a client sees of a call.</summary>
/// <param name="IsError">Whether the call failed.</param>
/// <param name="Text">The result, or the text of the error.</param>
internal sealed record Answer(bool IsError, string Text);
