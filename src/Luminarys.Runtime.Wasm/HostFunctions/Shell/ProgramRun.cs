using System.Runtime.InteropServices;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// A program in the foreground: reads what it writes, watches its end, its time and the call's cancellation, and leaves no process behind. Runs on the
/// guest's thread.
/// </summary>
internal sealed class ProgramRun(LaunchedProgram program, OutputCollector output, TimeProvider time)
{
    private const int BufferSize = 64 * 1024;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_shortGrace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPipe = TimeSpan.FromSeconds(1);

    private readonly ProcessTree _tree = program.Tree!;
    private long _lastSnapshot = time.GetTimestamp();
    private bool _isOutputOpen = true;

    /// <summary>Runs to the end.</summary>
    /// <param name="limit">Longest duration.</param>
    /// <param name="defences">All, but in tests.</param>
    /// <param name="cancellation">Ends it early.</param>
    public ProgramOutcome Run(TimeSpan limit, ShellDefences defences, CancellationToken cancellation)
    {
        var process = (int)Libc.SystemCall(Libc.OpenProcess, program.Pid, 0, 0, 0);
        try
        {
            var start = time.GetTimestamp();
            while (true)
            {
                if (Watch(process))
                {
                    Drain(cancellation);
                    return End(TimeSpan.Zero, defences, isTimeout: false, hasCode: !cancellation.IsCancellationRequested);
                }

                if (cancellation.IsCancellationRequested)
                {
                    // Who cancels waits for nothing; who ran out of time may clean up first.
                    return End(s_shortGrace, defences, isTimeout: false, hasCode: false);
                }

                if (time.GetElapsedTime(start) >= limit)
                {
                    return End(s_grace, defences, isTimeout: true, hasCode: false);
                }
            }
        }
        finally
        {
            if (process >= 0)
            {
                Libc.Close(process);
            }

            Libc.Close(program.Output);
        }
    }

    /// <summary>The exit code of a child that has ended; null when it runs, and when somebody else has taken it.</summary>
    public static unsafe int? Reap(int pid)
    {
        int status;
        int answer;
        do
        {
            answer = Libc.WaitPid(pid, &status, Libc.NoHang);
        }
        while (answer < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);

        return answer != pid ? null : (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
    }

    // The program is reaped last: until then nobody else gets its number, and its session is still known by it.
    private ProgramOutcome End(TimeSpan grace, ShellDefences defences, bool isTimeout, bool hasCode)
    {
        var left = _tree.End(grace, time, defences.WholeTree);
        var code = Reap(program.Pid);
        _tree.Forget();
        return new(hasCode ? code : null, isTimeout, hasCode && code is null, left);
    }

    // Waits for output, for the end, or for a tick.
    private unsafe bool Watch(int process)
    {
        var entries = stackalloc Libc.PollEntry[2];
        entries[0] = new() { Handle = process, Events = Libc.PollIn };
        entries[1] = new() { Handle = _isOutputOpen ? program.Output : -1, Events = Libc.PollIn };
        Libc.Poll(entries, 2, (int)s_tick.TotalMilliseconds);
        if (entries[1].Returned != 0)
        {
            ReadSome();
        }

        if (time.GetElapsedTime(_lastSnapshot) >= s_tick)
        {
            _tree.Snapshot();
            _lastSnapshot = time.GetTimestamp();
        }

        return process >= 0 ? entries[0].Returned != 0 : ProcessEntry.Find(program.Pid) is null or { IsZombie: true };
    }

    // A grandchild may hold the pipe open for ever.
    private unsafe void Drain(CancellationToken cancellation)
    {
        _tree.Snapshot();
        var start = time.GetTimestamp();
        while (_isOutputOpen && !cancellation.IsCancellationRequested && time.GetElapsedTime(start) < s_longestPipe)
        {
            var entry = new Libc.PollEntry { Handle = program.Output, Events = Libc.PollIn };
            if (Libc.Poll(&entry, 1, (int)s_tick.TotalMilliseconds) > 0)
            {
                ReadSome();
            }
        }
    }

    private unsafe void ReadSome()
    {
        var buffer = stackalloc byte[BufferSize];
        var count = Libc.Read(program.Output, buffer, BufferSize);
        if (count > 0)
        {
            output.Write(new ReadOnlySpan<byte>(buffer, (int)count));
        }
        else
        {
            _isOutputOpen = count < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted;
        }
    }
}
