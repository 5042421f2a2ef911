using System.Runtime.InteropServices;
using System.Text;
using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// A program in the background. What it writes goes through the host into its log file, so that the file has a limit. It lasts until the last process
/// that came of it has ended, also when the program itself was done long before.
/// </summary>
internal sealed class Daemon : IDisposable
{
    private const long MaxLog = 64L * 1024 * 1024;
    private const int BufferSize = 64 * 1024;
    private const int StackSize = 256 * 1024;
    private const int Tick = 500;

    private static readonly TimeSpan s_longestClose = TimeSpan.FromSeconds(1);

    private readonly IStagedFile _log;
    private readonly MemoryStream _beginning = new();
    private readonly TimeProvider _time;
    private readonly ManualResetEventSlim _outputEnded = new(false);
    private readonly ManualResetEventSlim _over = new(false);
    private readonly Lock _gate = new();
    private int _output;
    private long _written;
    private bool _isEnded;

    /// <summary>Takes over a started program and its log. Both are owned.</summary>
    public Daemon(LaunchedProgram program, IStagedFile log, string logFile, string name, TimeProvider time)
    {
        (Pid, Tree, _output, _log, LogFile, Name, _time) = (program.Pid, program.Tree!, program.Output, log, logFile, name, time);
        new Thread(Watch, StackSize) { IsBackground = true, Name = "luminarys-daemon-log" }.UnsafeStart();
    }

    /// <summary>Its process.</summary>
    public int Pid { get; }

    /// <summary>Its processes.</summary>
    public ProcessTree Tree { get; }

    /// <summary>Where its output goes.</summary>
    public string LogFile { get; }

    /// <summary>Name of its program.</summary>
    public string Name { get; }

    /// <summary>Whether a process of it runs.</summary>
    public bool IsAlive => !_over.IsSet && (IsProgramRunning || Tree.HasAlive);

    /// <summary>The first part of what it wrote. To be asked when its output has ended.</summary>
    public string Beginning => Encoding.UTF8.GetString(_beginning.ToArray());

    private bool IsProgramRunning
    {
        get
        {
            lock (_gate)
            {
                if (!_isEnded && ProcessEntry.Find(Pid) is not { IsZombie: false })
                {
                    // Until it is reaped its session is known by it.
                    Tree.Snapshot();
                    ExitCode = ProgramRun.Reap(Pid);
                    _isEnded = true;
                }

                return !_isEnded;
            }
        }
    }

    private int? ExitCode { get; set; }

    /// <summary>Waits until the program and its output have ended, or the time is over; answers the program's code, or null while it runs.</summary>
    public unsafe int? AwaitEnd(TimeSpan limit)
    {
        var start = _time.GetTimestamp();
        var entry = new Libc.PollEntry { Handle = (int)Libc.SystemCall(Libc.OpenProcess, Pid, 0, 0, 0), Events = Libc.PollIn };
        Libc.Poll(&entry, 1, (int)limit.TotalMilliseconds);
        if (entry.Handle >= 0)
        {
            Libc.Close(entry.Handle);
        }

        if (IsProgramRunning)
        {
            return null;
        }

        var rest = limit - _time.GetElapsedTime(start);
        _outputEnded.Wait(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        return ExitCode;
    }

    /// <summary>Waits for its log to be closed. Its processes must have been ended.</summary>
    public void Dispose() => _over.Wait(s_longestClose);

    private void Watch()
    {
        var buffer = new byte[BufferSize];
        var lastSnapshot = _time.GetTimestamp();
        do
        {
            Pump(buffer);
            if (_time.GetElapsedTime(lastSnapshot).TotalMilliseconds >= Tick)
            {
                Tree.Snapshot();
                lastSnapshot = _time.GetTimestamp();
            }
        }
        while (_output >= 0 || IsProgramRunning || Tree.HasAlive);

        CloseLog();
        Tree.Forget();
        _over.Set();
    }

    // A grandchild may keep the output open, or the program may close it and go on.
    private unsafe void Pump(byte[] buffer)
    {
        var entry = new Libc.PollEntry { Handle = _output, Events = Libc.PollIn };
        if (Libc.Poll(&entry, 1, Tick) <= 0)
        {
            return;
        }

        fixed (byte* start = buffer)
        {
            var count = (int)Libc.Read(_output, start, buffer.Length);
            if (count > 0)
            {
                Keep(buffer.AsSpan(0, count));
            }
            else if (count == 0 || Marshal.GetLastPInvokeError() != Libc.Interrupted)
            {
                Libc.Close(_output);
                _output = -1;
                _outputEnded.Set();
            }
        }
    }

    // A full disk must not stop the program: what cannot be written is lost, as it is behind the limit.
    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_beginning.Length < BufferSize)
        {
            _beginning.Write(bytes);
        }

        var room = (int)Math.Min(bytes.Length, MaxLog - _written);
        _written += bytes.Length;
        if (room <= 0)
        {
            return;
        }

        try
        {
            _log.Content.Write(bytes[..room]);
            _log.Content.Flush();
        }
        catch (IOException)
        {
            _written = MaxLog;
        }
    }

    // A full disk shows once more when the stream is closed, and then there is nobody left to tell.
    private void CloseLog()
    {
        try
        {
            _log.Dispose();
        }
        catch (IOException)
        {
            _written = MaxLog;
        }
    }
}
