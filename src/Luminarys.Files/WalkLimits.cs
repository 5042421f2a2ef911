namespace Luminarys.Files;

/// <summary>How much one act goes through.</summary>
/// <param name="Depth">Directories below the start that it enters, one in the other.</param>
/// <param name="Entries">Names that it sees.</param>
internal sealed record WalkLimits(int Depth = 64, int Entries = 100_000)
{
    /// <summary>For what the host made itself.</summary>
    public static WalkLimits None { get; } = new(int.MaxValue, int.MaxValue - 1);
}
