namespace Luminarys.Simulation;

/// <summary>What came of one seed.</summary>
/// <param name="Seed">Seed.</param>
/// <param name="Broken">The promise that was broken; null when all were kept.</param>
/// <param name="Answered">Calls that were answered.</param>
/// <param name="Executed">Calls that ran.</param>
/// <param name="Trace">What happened, in order.</param>
internal sealed record SimulationResult(int Seed, string? Broken, int Answered, int Executed, IReadOnlyList<string> Trace)
{
    /// <summary>The story of the seed, with what is needed to see it again.</summary>
    public override string ToString() => $"seed {Seed}: {Broken ?? "kept"}\n{string.Join('\n', Trace)}\nreplay with LUMINARYS_SEED={Seed}";
}
