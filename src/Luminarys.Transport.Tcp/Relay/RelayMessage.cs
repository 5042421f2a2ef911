namespace Luminarys.Transport.Tcp.Relay;

/// <summary>One message before pairing.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Body">Its content.</param>
internal readonly record struct RelayMessage(RelayMessageType Type, ReadOnlyMemory<byte> Body);
