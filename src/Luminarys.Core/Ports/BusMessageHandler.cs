namespace Luminarys.Ports;

/// <summary>Takes one message. It must not block and must not keep the message's payload after it returns.</summary>
/// <param name="message">The message.</param>
public delegate void BusMessageHandler(in BusMessage message);
