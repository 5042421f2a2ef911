using System.Buffers;
using System.Text.Unicode;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Some lines of a text, and the number of all. Reads once from start to end and keeps no more than the lines that are wanted.</summary>
internal sealed class LineWindow(long offset, long limit, int maxBytes)
{
    private const int Chunk = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isInLine;

    /// <summary>Number of lines in <see cref="Lines"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Lines of the whole text.</summary>
    public long Total { get; private set; }

    /// <summary>The wanted lines as MessagePack texts, one after the other.</summary>
    public ReadOnlySpan<byte> Lines => _lines.WrittenSpan;

    /// <summary>Whether lines follow the last one that is kept.</summary>
    public bool IsTruncated => limit > 0 && Total > offset && Total - offset > limit;

    /// <summary>Reads the text, or answers what the guest is told.</summary>
    public string? Read(Stream stream, string path, FileCall call)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            return Read(stream, path, call, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string? Read(Stream stream, string path, FileCall call, byte[] buffer)
    {
        long position = 0;
        var held = 0;
        while (true)
        {
            var read = stream.Read(buffer, held, Chunk - held);
            var bytes = buffer.AsSpan(0, held + read);
            var whole = read == 0 ? bytes.Length : TextBytes.WholeLength(bytes);
            var head = bytes[..(int)Math.Clamp(TextBytes.Head - position, 0, bytes.Length)];
            if (head.Contains((byte)0) || !Utf8.IsValid(bytes[..whole]))
            {
                return $"not a text file: {path}";
            }

            Add(position == 0 ? TextBytes.SkipMark(bytes[..whole]) : bytes[..whole]);
            if (_lines.WrittenCount + _line.WrittenCount > maxBytes)
            {
                return $"too large: the lines are more than {maxBytes} bytes; ask for fewer";
            }

            if (read == 0)
            {
                End();
                return null;
            }

            if (call.CheckTime() is { } fault)
            {
                return fault;
            }

            position += whole;
            held = bytes.Length - whole;
            bytes[whole..].CopyTo(buffer);
        }
    }

    private bool IsWanted => Total >= offset && (limit == 0 || Total - offset < limit);

    private void Add(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var part = end < 0 ? text : text[..end];
            _isInLine = end < 0;
            if (IsWanted)
            {
                _line.Write(part);
            }

            if (end >= 0)
            {
                EndLine();
            }

            if (_lines.WrittenCount + _line.WrittenCount > maxBytes)
            {
                return;
            }

            text = text[(part.Length + (end < 0 ? 0 : 1))..];
        }
    }

    private void End()
    {
        if (_isInLine)
        {
            EndLine();
        }
    }

    private void EndLine()
    {
        if (IsWanted)
        {
            var writer = new MessagePackWriter(_lines);
            writer.WriteString(TextBytes.TrimReturn(_line.WrittenSpan));
            writer.Flush();
            _line.ResetWrittenCount();
            Count++;
        }

        Total++;
    }
}
