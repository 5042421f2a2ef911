using Luminarys.State;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>A node asks the master for a value that skills of all nodes share, or writes it. The last writer wins: the same request again changes nothing.</summary>
/// <param name="Operation">What is asked.</param>
/// <param name="Key">Scope and name.</param>
/// <param name="Value">What to write; empty when it is only asked.</param>
internal sealed record KeyValueMessage(KeyValueOperation Operation, ValueKey Key, ReadOnlyMemory<byte> Value) : IWireBody<KeyValueMessage>
{
    public static KeyValueMessage Read(ref MessagePackReader reader)
    {
        var (operation, scope, key, value) = ((KeyValueOperation?)null, "", "", ReadOnlyMemory<byte>.Empty);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "op": operation = OperationOf(Wire.Text(ref reader)); break;
                case "scope": scope = Wire.Text(ref reader); break;
                case "key": key = Wire.Text(ref reader); break;
                case "value": value = CallFrame.Copy(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return operation is { } asked && key.Length is > 0 and <= ProtocolLimits.MaxName
            ? new(asked, new(scope, key), value)
            : throw Wire.Invalid("op or key");
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(Operation == KeyValueOperation.Set ? 4 : 3);
        writer.Write("op");
        writer.Write(Operation == KeyValueOperation.Set ? "set" : "get");
        writer.Write("scope");
        writer.Write(Key.Scope);
        writer.Write("key");
        writer.Write(Key.Key);
        if (Operation == KeyValueOperation.Set)
        {
            writer.Write("value");
            writer.Write(Value.Span);
        }
    }

    private static KeyValueOperation OperationOf(string text) => text switch
    {
        "get" => KeyValueOperation.Get,
        "set" => KeyValueOperation.Set,
        _ => throw Wire.Invalid("op"),
    };
}
