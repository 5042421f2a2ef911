using System.Collections.Immutable;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>Reads the commands of an answer. Their fields come as a map or, from AssemblyScript, as bytes that hold one.</summary>
internal static class CommandCodec
{
    /// <summary>More commands than this in one answer are not read.</summary>
    public const int MaxCommands = 256;

    private static readonly byte[] s_noFields = [0x80];

    /// <summary>Reads the array of an answer that has passed <see cref="MessageGuard"/>.</summary>
    /// <param name="commands">The array.</param>
    /// <param name="onFault">Told about each command that cannot be read; the others count.</param>
    public static ImmutableArray<GuestCommand> Read(ReadOnlyMemory<byte> commands, Action<string> onFault)
    {
        var reader = new MessagePackReader(commands);
        var count = reader.ReadArrayHeader();
        if (count > MaxCommands)
        {
            onFault($"{count} commands in one answer; the first {MaxCommands} count");
        }

        var read = ImmutableArray.CreateBuilder<GuestCommand>();
        for (var left = Math.Min(count, MaxCommands); left > 0; left--)
        {
            if (ReadCommand(ref reader, commands, out var fault) is { } command)
            {
                read.Add(command);
            }
            else
            {
                onFault(fault);
            }
        }

        return read.ToImmutable();
    }

    private static GuestCommand? ReadCommand(ref MessagePackReader reader, ReadOnlyMemory<byte> message, out string fault)
    {
        fault = "a command that is not a map";
        if (reader.NextMessagePackType != MessagePackType.Map)
        {
            reader.Skip();
            return null;
        }

        var type = "";
        ReadOnlyMemory<byte> fields = s_noFields;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var key = GuestValue.ReadKey(ref reader);
            if (key.SequenceEqual("type"u8))
            {
                type = GuestValue.ReadText(ref reader);
            }
            else if (key.SequenceEqual("payload"u8))
            {
                fields = ReadFields(ref reader, message);
            }
            else
            {
                reader.Skip();
            }
        }

        fault = type.Length == 0 ? "a command without a type" : $"command '{type}' whose payload is not a map";
        return type.Length > 0 && GuestArguments.IsMap(fields) ? new GuestCommand(type, fields) : null;
    }

    private static ReadOnlyMemory<byte> ReadFields(ref MessagePackReader reader, ReadOnlyMemory<byte> message)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.Skip();
                return s_noFields;
            case MessagePackType.Binary:
                var bytes = GuestValue.ReadBytes(ref reader);
                return bytes.IsEmpty ? s_noFields : bytes;
            default:
                var start = (int)reader.Consumed;
                reader.Skip();
                return message[start..(int)reader.Consumed];
        }
    }
}
