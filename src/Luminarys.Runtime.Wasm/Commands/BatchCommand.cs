using System.Collections.Immutable;
using Luminarys.Runtime.Wasm.HostFunctions;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>Fields of <c>batch_invoke</c>.</summary>
/// <param name="Items">The calls with the guest's own numbers.</param>
/// <param name="Callback">Own method that gets all outcomes; empty for none.</param>
/// <param name="Concurrency">Calls at once as asked for; 0 for all.</param>
internal sealed record BatchCommand(ImmutableArray<(long Index, ModuleCall Call)> Items, string Callback, long Concurrency)
{
    public static BatchCommand Read(ReadOnlyMemory<byte> fields)
    {
        ImmutableArray<(long, ModuleCall)> items = [];
        var (callback, concurrency) = ("", 0L);
        var reader = new FieldReader(fields);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "items": items = reader.Maps(ReadItem, FanOutTable.Limit + 1); break;
                case "callback": callback = reader.Text(); break;
                case "concurrency": concurrency = reader.Integer(); break;
                default: reader.Skip(); break;
            }
        }

        return new(items, callback, concurrency);
    }

    private static (long Index, ModuleCall Call) ReadItem(FieldReader reader)
    {
        var (index, skill, method, payload) = (0L, "", "", ReadOnlyMemory<byte>.Empty);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "index": index = reader.Integer(); break;
                case "skill_id": skill = reader.Text(); break;
                case "method": method = reader.Text(); break;
                case "payload": payload = reader.Raw(); break;
                default: reader.Skip(); break;
            }
        }

        return (index, new(skill, method, payload));
    }
}
