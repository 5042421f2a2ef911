using System.Buffers;

namespace Luminarys.Mcp;

/// <summary>
/// One reusable buffer for each thread, for work that ends before the thread awaits anything. What is written must be copied out before
/// the buffer is returned.
/// </summary>
internal static class ScratchBuffer
{
    private const int FirstCapacity = 1024;
    private const int MaxKeptCapacity = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    /// <summary>Takes the thread's buffer, empty; a new one when it is in use.</summary>
    public static ArrayBufferWriter<byte> Rent()
    {
        var buffer = t_buffer ?? new ArrayBufferWriter<byte>(FirstCapacity);
        t_buffer = null;
        return buffer;
    }

    /// <summary>Gives a buffer back; one that has grown large is left to the collector.</summary>
    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        t_buffer = buffer.Capacity <= MaxKeptCapacity ? buffer : null;
    }
}
