namespace Luminarys.Testing;

/// <summary>What goes wrong on the bus all the time.</summary>
/// <param name="Loss">Share of messages that are lost.</param>
/// <param name="Seed">Which.</param>
internal sealed record FaultSettings(double Loss, int Seed);
