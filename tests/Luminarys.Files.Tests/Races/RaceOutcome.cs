namespace Luminarys.Files.Tests.Races;

/// <summary>What became of an act.</summary>
internal enum RaceOutcome
{
    /// <summary>It failed, as it may.</summary>
    Refused,

    /// <summary>It did what it should.</summary>
    Done,

    /// <summary>It told something from outside.</summary>
    Leaked,
}
