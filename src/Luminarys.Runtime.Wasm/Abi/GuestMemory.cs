using System.Buffers.Binary;
using System.Text;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>
/// A guest's linear memory. Every access checks its bounds against the size of that moment; a span is good until the guest runs again,
/// because it may grow and move its memory.
/// </summary>
internal readonly struct GuestMemory(Memory memory)
{
    private const int MaxAssemblyScriptText = 64 * 1024;

    /// <summary>Size in bytes.</summary>
    public long Length => memory.GetLength();

    /// <summary>Gets a view, or answers false when the range is not in the memory or larger than a span can be.</summary>
    public bool TryGet(uint pointer, uint length, out Span<byte> view)
    {
        var fits = (ulong)pointer + length <= (ulong)memory.GetLength() && length <= int.MaxValue;
        view = fits && length > 0 ? memory.GetSpan(pointer, (int)length) : default;
        return fits;
    }

    /// <summary>Copies two pieces one behind the other, or answers false when they do not fit there.</summary>
    public bool TryWrite(uint pointer, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!TryGet(pointer, (uint)(first.Length + second.Length), out var view))
        {
            return false;
        }

        first.CopyTo(view);
        second.CopyTo(view[first.Length..]);
        return true;
    }

    /// <summary>Reads an AssemblyScript string: UTF-16 at the pointer, its length in bytes just before it. Empty for what is not one.</summary>
    public string ReadAssemblyScriptText(uint pointer)
    {
        if (pointer < sizeof(uint) || !TryGet(pointer - sizeof(uint), sizeof(uint), out var header))
        {
            return "";
        }

        var length = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(header), MaxAssemblyScriptText) & ~1u;
        return TryGet(pointer, length, out var text) ? Encoding.Unicode.GetString(text) : "";
    }
}
