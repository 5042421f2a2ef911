namespace Luminarys.Cluster.Transfers;

/// <summary>
/// Numbers of the attempts of one transfer. Sink and relay take none that is not higher than the one before; a source that was restarted in the middle does not
/// know that one, so a second of the clock stands before the count.
/// </summary>
internal static class AttemptNumber
{
    private const int CountBits = 4;

    /// <summary>The number of an attempt.</summary>
    /// <param name="begin">When the source began with the transfer.</param>
    /// <param name="count">Which attempt it is since then, from 1.</param>
    public static uint Of(DateTimeOffset begin, uint count) => ((uint)begin.ToUnixTimeSeconds() << CountBits) | Math.Min(count, CountOf(uint.MaxValue));

    /// <summary>Which attempt a number is, since the source began.</summary>
    public static uint CountOf(uint number) => number & ((1 << CountBits) - 1);
}
