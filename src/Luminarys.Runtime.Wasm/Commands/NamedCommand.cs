using Luminarys.Runtime.Wasm.HostFunctions;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>Fields of the commands that name one thing, give it a value, or want to be called back.</summary>
/// <param name="Name">Topic, key or method.</param>
/// <param name="Value">One MessagePack value as it is; empty when it was left out.</param>
/// <param name="Callback">Own method to call; empty for none.</param>
/// <param name="DelayMs">Milliseconds to wait.</param>
internal sealed record NamedCommand(string Name, ReadOnlyMemory<byte> Value, string Callback, long DelayMs)
{
    public static NamedCommand Read(ReadOnlyMemory<byte> fields)
    {
        var command = new NamedCommand("", default, "", 0);
        var reader = new FieldReader(fields);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "topic" or "key" or "method": command = command with { Name = reader.Text() }; break;
                case "payload" or "value": command = command with { Value = reader.Raw() }; break;
                case "callback": command = command with { Callback = reader.Text() }; break;
                case "delay_ms": command = command with { DelayMs = reader.Integer() }; break;
                default: reader.Skip(); break;
            }
        }

        return command;
    }
}
