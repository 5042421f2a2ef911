using System.Text;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// One output stream of a guest: splits it into lines and keeps the end of it. What one call writes beyond its budget is dropped. The engine calls it
/// on a thread of its own while the guest's thread waits, so that nothing here runs at once.
/// </summary>
internal sealed class OutputCapture(Action<string> onLine)
{
    private const int Budget = 64 * 1024;
    private const int Kept = 8 * 1024;

    private readonly List<byte> _tail = [];
    private readonly List<byte> _line = [];
    private int _written;

    /// <summary>The last 8 KiB that the current call wrote.</summary>
    public string Tail => Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tail));

    /// <summary>Forgets what earlier calls wrote.</summary>
    public void BeginCall()
    {
        if (_written > 0)
        {
            EndLine();
            _written = 0;
            _tail.Clear();
        }
    }

    /// <summary>Takes what the guest writes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, Budget - _written)];
        _written += bytes.Length;
        _tail.AddRange(bytes);
        if (_tail.Count > Kept)
        {
            _tail.RemoveRange(0, _tail.Count - Kept);
        }

        foreach (var part in bytes)
        {
            if (part == '\n')
            {
                EndLine();
            }
            else
            {
                _line.Add(part);
            }
        }
    }

    /// <summary>Passes on a last line that has no line end.</summary>
    public void EndLine()
    {
        if (_line.Count > 0)
        {
            onLine(Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line)));
            _line.Clear();
        }
    }
}
