using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>A message body: one MessagePack map. Fields that a reader does not know are skipped.</summary>
/// <typeparam name="TSelf">The body itself.</typeparam>
internal interface IWireBody<TSelf>
    where TSelf : IWireBody<TSelf>
{
    /// <summary>Reads the map. Throws <see cref="MessagePackSerializationException"/> when a known field has a wrong type or value.</summary>
    static abstract TSelf Read(ref MessagePackReader reader);

    /// <summary>Writes the map; the same body always gives the same bytes.</summary>
    void Write(ref MessagePackWriter writer);
}
