namespace Luminarys.Simulation.Transfers;

/// <summary>A frame that holds a part of the file.</summary>
internal sealed record TunnelPart(long Offset, byte[] Content);
