namespace Luminarys.Chaos;

/// <summary>One answer, or the lack of one.</summary>
/// <param name="Outcome">What it is.</param>
/// <param name="Code">Code of an error.</param>
/// <param name="Text">Text of the result or of the error.</param>
/// <param name="Count">How many answers came.</param>
internal readonly record struct CallAnswer(CallOutcome Outcome, string Code, string Text, int Count);
