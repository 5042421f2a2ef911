using System.Runtime.InteropServices;
using System.Text;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>A program in the background. What it writes goes through the host into its log file, so that the file has a limit.</summary>
internal sealed class Daemon : IDisposable
{
    private const long MaxLog = 64L * 1024 * 1024;
    private const int BufferSize = 64 * 1024;
    private const int StackSize = 256 * 1024;
    private const int Tick = 500;

    private readonly IStagedFile _log;
    private readonly MemoryStream _beginning = new();
    private readonly SafeFileHandle _output;
    private readonly ManualResetEventSlim _pumped = new(false);
    private readonly Lock _gate = new();
    private long _written;
    private bool _isEnded;

    /// <summary>Takes over a started program and its log. Both are owned.</summary>
    public Daemon(LaunchedProgram program, ProcessTree tree, IStagedFile log, string logFile, string name)
    {
        (Pid, Tree, _log, LogFile, Name) = (program.Pid, tree, log, logFile, name);
        _output = new SafeFileHandle(program.Output, ownsHandle: true);
        new Thread(Pump, StackSize) { IsBackground = true, Name = "luminarys-daemon-log" }.UnsafeStart();
    }

    /// <summary>Its process.</summary>
    public int Pid { get; }

    /// <summary>Its processes.</summary>
    public ProcessTree Tree { get; }

    /// <summary>Where its output goes.</summary>
    public string LogFile { get; }

    /// <summary>Name of its program.</summary>
    public string Name { get; }

    /// <summary>Its exit code; null while it runs, and when nobody knows.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Whether it runs; when it does not, it is reaped.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                if (!_isEnded && ProcessEntry.Find(Pid) is not { IsZombie: false })
                {
                    ExitCode = ProgramRun.Reap(Pid, wait: false);
                    _isEnded = true;
                }

                return !_isEnded;
            }
        }
    }

    /// <summary>The first part of what it wrote. To be asked when its output has ended.</summary>
    public string Beginning => Encoding.UTF8.GetString(_beginning.ToArray());

    /// <summary>Waits until the program has closed its output, or the time is over; answers whether it has.</summary>
    public bool AwaitOutput(TimeSpan limit) => _pumped.Wait(limit);

    /// <summary>Ends all of its processes.</summary>
    public void End(TimeSpan grace, TimeProvider time, ShellDefences defences)
    {
        Tree.End(grace, time, defences.WholeTree);
        _ = IsRunning;
    }

    /// <summary>Gives up the log. The program must have been ended.</summary>
    public void Dispose() => _pumped.Wait(TimeSpan.FromSeconds(2));

    private unsafe void Pump()
    {
        var buffer = new byte[BufferSize];
        using (_output)
        using (_log)
        {
            while (Await() && Read(buffer) is > 0 and var count)
            {
                Keep(buffer.AsSpan(0, count));
            }
        }

        _pumped.Set();
    }

    // A grandchild may keep the pipe open after the end; then the log ends when the tree was ended.
    private unsafe bool Await()
    {
        while (true)
        {
            var entry = new Libc.PollEntry { Handle = (int)_output.DangerousGetHandle(), Events = Libc.PollIn };
            if (Libc.Poll(&entry, 1, Tick) > 0)
            {
                return true;
            }

            Tree.Snapshot();
            if (!IsRunning && !Tree.HasAlive)
            {
                return false;
            }
        }
    }

    private unsafe int Read(byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
            {
                count = Libc.Read((int)_output.DangerousGetHandle(), start, buffer.Length);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);

            return (int)count;
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
        }
        catch (IOException)
        {
            _written = MaxLog;
        }
    }
}
