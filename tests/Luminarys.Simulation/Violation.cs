namespace Luminarys.Simulation;

/// <summary>A promise was broken in a simulation.</summary>
internal sealed class Violation(string promise) : Exception(promise)
{
    public static void Require(bool holds, string promise)
    {
        if (!holds)
        {
            throw new Violation(promise);
        }
    }
}
