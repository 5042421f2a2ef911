using Luminarys.Runtime.Wasm.HostFunctions;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>Fields of <c>call_module</c>.</summary>
/// <param name="Call">The call.</param>
/// <param name="Callback">Own method that gets the outcome; empty for none.</param>
/// <param name="Context">Handed through to the callback.</param>
internal sealed record ModuleCallCommand(ModuleCall Call, string Callback, string Context)
{
    public static ModuleCallCommand Read(ReadOnlyMemory<byte> fields)
    {
        var (skill, method, payload, callback, context) = ("", "", ReadOnlyMemory<byte>.Empty, "", "");
        var reader = new FieldReader(fields);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "skill_id": skill = reader.Text(); break;
                case "method": method = reader.Text(); break;
                case "payload": payload = reader.Raw(); break;
                case "callback": callback = reader.Text(); break;
                case "call_ctx": context = reader.Text(); break;
                default: reader.Skip(); break;
            }
        }

        return new(new(skill, method, payload), callback, context);
    }
}
