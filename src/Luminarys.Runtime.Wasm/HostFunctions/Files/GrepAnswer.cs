using System.Buffers;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>What <c>fs_grep</c> found, already in the form of its answer, so that its size is known at any time.</summary>
internal sealed class GrepAnswer(int maxBytes)
{
    private const int Frame = 32;
    private const int SmallestRange = 13;

    private readonly ArrayBufferWriter<byte> _files = new();
    private readonly ArrayBufferWriter<byte> _lines = new();
    private int _fileCount;
    private int _lineCount;

    /// <summary>Lines found in all files.</summary>
    public int Lines { get; private set; }

    /// <summary>Whether it is more than the guest takes.</summary>
    public bool IsTooLarge => Size > maxBytes;

    /// <summary>What the guest is told then.</summary>
    public string Fault => $"too large: what was found has more than {maxBytes} bytes; search for less or in fewer files";

    /// <summary>Ranges that still fit, and one more.</summary>
    public int RangesLeft => Math.Max(0, (maxBytes - Size) / SmallestRange) + 1;

    private int Size => Frame + _files.WrittenCount + _lines.WrittenCount;

    /// <summary>Adds a line of the current file.</summary>
    /// <param name="number">Number, from 1.</param>
    /// <param name="line">UTF-8.</param>
    /// <param name="withLine">Whether the line itself is wanted.</param>
    /// <param name="ranges">Half-open, in bytes of the line.</param>
    public void AddLine(int number, ReadOnlySpan<byte> line, bool withLine, List<(int Start, int End)> ranges)
    {
        var writer = new MessagePackWriter(_lines);
        writer.WriteMapHeader(withLine ? 3 : 2);
        writer.WriteString("line_num"u8);
        writer.Write(number);
        if (withLine)
        {
            writer.WriteString("line"u8);
            writer.WriteString(line);
        }

        writer.WriteString("ranges"u8);
        writer.WriteArrayHeader(ranges.Count);
        foreach (var (start, end) in ranges)
        {
            writer.WriteMapHeader(2);
            writer.WriteString("start"u8);
            writer.Write(start);
            writer.WriteString("end"u8);
            writer.Write(end);
        }

        writer.Flush();
        _lineCount++;
        Lines++;
    }

    /// <summary>Adds the current file with its lines, and begins the next one.</summary>
    public void AddFile(string path)
    {
        var writer = new MessagePackWriter(_files);
        writer.WriteMapHeader(2);
        writer.WriteString("path"u8);
        writer.Write(path);
        writer.WriteString("matches"u8);
        writer.WriteArrayHeader(_lineCount);
        writer.WriteRaw(_lines.WrittenSpan);
        writer.Flush();
        _fileCount++;
        _lineCount = 0;
        _lines.ResetWrittenCount();
    }

    /// <summary>Writes the answer.</summary>
    public void WriteTo(IBufferWriter<byte> answer)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(1);
        writer.WriteString("matches"u8);
        writer.WriteArrayHeader(_fileCount);
        writer.WriteRaw(_files.WrittenSpan);
        writer.Flush();
    }
}
