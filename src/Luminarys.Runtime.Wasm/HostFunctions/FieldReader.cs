using System.Collections.Immutable;
using System.Text;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// Reads the map of a request field by field. Values are read as leniently as the guests of three SDKs write them; each field must be read or
/// skipped before the next one.
/// </summary>
internal sealed class FieldReader
{
    private readonly ReadOnlyMemory<byte> _message;
    private int _at;
    private int _left;

    /// <summary>Begins to read. An empty request, and one that is not a map, has no fields.</summary>
    public FieldReader(ReadOnlyMemory<byte> request)
    {
        _message = request;
        if (!request.IsEmpty && Type == MessagePackType.Map)
        {
            _left = Read(static (ref MessagePackReader reader) => reader.ReadMapHeader());
        }
    }

    private delegate T ReadValue<T>(ref MessagePackReader reader);

    private MessagePackType Type => new MessagePackReader(_message[_at..]).NextMessagePackType;

    /// <summary>Moves to the next field; answers false at the end.</summary>
    public bool TryNext(out string key)
    {
        if (_left == 0)
        {
            key = "";
            return false;
        }

        _left--;
        key = Read(static (ref MessagePackReader reader) => Encoding.UTF8.GetString(GuestValue.ReadKey(ref reader)));
        return true;
    }

    public string Text() => Read(static (ref MessagePackReader reader) => GuestValue.ReadText(ref reader));

    public long Integer() => Read(static (ref MessagePackReader reader) => GuestValue.ReadInteger(ref reader));

    public bool Flag() => Read(static (ref MessagePackReader reader) => GuestValue.ReadFlag(ref reader));

    /// <summary>A part of the request, or a copy when the guest sent an array of numbers.</summary>
    public ReadOnlyMemory<byte> Bytes() => Read(static (ref MessagePackReader reader) => GuestValue.ReadBytes(ref reader));

    /// <summary>A number; null for anything else.</summary>
    public double? Number()
    {
        switch (Type)
        {
            case MessagePackType.Float:
                return Read(static (ref MessagePackReader reader) => reader.ReadDouble());
            case MessagePackType.Integer:
                return Integer();
            default:
                Skip();
                return null;
        }
    }

    /// <summary>A list of texts; null when the guest sent nil or something else.</summary>
    public ImmutableArray<string>? Texts()
    {
        if (Type != MessagePackType.Array)
        {
            Skip();
            return null;
        }

        var texts = ImmutableArray.CreateBuilder<string>();
        for (var left = Read(static (ref MessagePackReader reader) => reader.ReadArrayHeader()); left > 0; left--)
        {
            texts.Add(Text());
        }

        return texts.ToImmutable();
    }

    /// <summary>A list of maps, each read by <paramref name="read"/>; none when the guest sent nil or something else.</summary>
    /// <param name="read">Reads one item.</param>
    /// <param name="most">Items to read at most; the others are passed over.</param>
    public ImmutableArray<T> Maps<T>(Func<FieldReader, T> read, int most = int.MaxValue)
    {
        if (Type != MessagePackType.Array)
        {
            Skip();
            return [];
        }

        var items = ImmutableArray.CreateBuilder<T>();
        for (var left = Read(static (ref MessagePackReader reader) => reader.ReadArrayHeader()); left > 0; left--)
        {
            if (items.Count < most)
            {
                items.Add(read(new FieldReader(Raw())));
            }
            else
            {
                Skip();
            }
        }

        return items.ToImmutable();
    }

    /// <summary>The value as it is: one MessagePack value, a part of the request.</summary>
    public ReadOnlyMemory<byte> Raw()
    {
        var start = _at;
        Skip();
        return _message[start.._at];
    }

    public void Skip() => Read(static (ref MessagePackReader reader) =>
    {
        reader.Skip();
        return 0;
    });

    private T Read<T>(ReadValue<T> read)
    {
        var reader = new MessagePackReader(_message[_at..]);
        var value = read(ref reader);
        _at += (int)reader.Consumed;
        return value;
    }
}
