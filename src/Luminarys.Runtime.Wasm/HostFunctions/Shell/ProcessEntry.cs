using System.Globalization;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>One process as the system tells it.</summary>
/// <param name="Pid">Its number, which is used again after its end.</param>
/// <param name="Parent">Its parent's number.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session.</param>
/// <param name="Started">When it started, in ticks since the system did: with the number it names one process.</param>
/// <param name="Name">Its program's short name.</param>
/// <param name="IsZombie">Whether it has ended and waits to be reaped.</param>
internal readonly record struct ProcessEntry(int Pid, int Parent, int Group, int Session, long Started, string Name, bool IsZombie)
{
    private const int FieldsBeforeStart = 19;

    /// <summary>Every process that can be seen.</summary>
    public static List<ProcessEntry> ReadAll()
    {
        var entries = new List<ProcessEntry>(256);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Find(pid) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>One process; null when it is gone.</summary>
    public static ProcessEntry? Find(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>One of the system's files about it; empty when it cannot be read.</summary>
    public string Read(string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/{file}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Sends a signal to this process, and never to a later one that got its number.</summary>
    public void Signal(int signal)
    {
        var handle = (int)Libc.SystemCall(Libc.OpenProcess, Pid, 0, 0, 0);
        if (Find(Pid)?.Started == Started)
        {
            _ = handle < 0 ? Libc.Signal(Pid, signal) : Libc.SystemCall(Libc.SignalProcess, handle, signal, 0, 0);
        }

        if (handle >= 0)
        {
            Libc.Close(handle);
        }
    }

    // The name stands in parentheses and may hold anything, also parentheses.
    private static ProcessEntry? Parse(int pid, string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.LastIndexOf(')');
        if (open < 0 || close < open)
        {
            return null;
        }

        var fields = text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > FieldsBeforeStart
            ? new(
                pid,
                Number(fields[1]),
                Number(fields[2]),
                Number(fields[3]),
                long.Parse(fields[FieldsBeforeStart], CultureInfo.InvariantCulture),
                text[(open + 1)..close],
                fields[0] is "Z" or "X")
            : null;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
