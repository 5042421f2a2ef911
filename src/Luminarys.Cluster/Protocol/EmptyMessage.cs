using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>A body without fields: of <c>ping</c> and <c>sync</c>.</summary>
internal sealed record EmptyMessage : IWireBody<EmptyMessage>
{
    public static EmptyMessage Instance { get; } = new();

    public static EmptyMessage Read(ref MessagePackReader reader)
    {
        reader.Skip();
        return Instance;
    }

    public void Write(ref MessagePackWriter writer) => writer.WriteMapHeader(0);
}
