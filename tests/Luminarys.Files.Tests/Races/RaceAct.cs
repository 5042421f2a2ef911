namespace Luminarys.Files.Tests.Races;

/// <summary>Something that is tried again and again while the ground moves.</summary>
internal delegate RaceOutcome RaceAct(RaceGround ground);
