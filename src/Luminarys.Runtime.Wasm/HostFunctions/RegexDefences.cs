namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>What keeps a guest's regular expression cheap. Tests switch one off to show that their attack is real.</summary>
internal sealed record RegexDefences
{
    /// <summary>Everything on.</summary>
    public static RegexDefences All { get; } = new();

    /// <summary>Whether patterns run on the engine that takes time linear to its input.</summary>
    public bool Linear { get; init; } = true;

    /// <summary>Whether repetitions are counted before a pattern is compiled.</summary>
    public bool RepetitionLimit { get; init; } = true;

    /// <summary>Whether one step of matching ends in time.</summary>
    public bool StepLimit { get; init; } = true;

    /// <summary>Whether all matching of one call together ends in time.</summary>
    public bool CallLimit { get; init; } = true;
}
