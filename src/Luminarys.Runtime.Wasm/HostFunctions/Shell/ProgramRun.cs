using System.Runtime.InteropServices;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// A program in the foreground: reads what it writes, watches its end, its time and the call's cancellation, and leaves no process behind. Runs on the
/// guest's thread.
/// </summary>
internal sealed class ProgramRun(LaunchedProgram program, ProcessTree tree, OutputCollector output, TimeProvider time)
{
    private const nint OpenProcess = 434;
    private const int Tick = 100;
    private const int BufferSize = 64 * 1024;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestPipe = TimeSpan.FromSeconds(1);

    private bool _isOutputOpen = true;

    /// <summary>Runs to the end.</summary>
    /// <param name="limit">Longest duration.</param>
    /// <param name="defences">All, but in tests.</param>
    /// <param name="cancellation">Ends it early.</param>
    public ProgramOutcome Run(TimeSpan limit, ShellDefences defences, CancellationToken cancellation)
    {
        var process = (int)Libc.SystemCall(OpenProcess, program.Pid, 0, 0, 0);
        try
        {
            var start = time.GetTimestamp();
            while (true)
            {
                var hasEnded = Watch(process);
                if (hasEnded)
                {
                    Drain();
                    var code = Reap(program.Pid, wait: true);
                    tree.End(TimeSpan.Zero, time, defences.WholeTree);
                    return new(code, IsTimeout: false, IsCodeUnknown: code is null);
                }

                if (cancellation.IsCancellationRequested || time.GetElapsedTime(start) >= limit)
                {
                    // Who cancels waits for nothing; who ran out of time may clean up first.
                    tree.End(cancellation.IsCancellationRequested ? TimeSpan.FromMilliseconds(200) : s_grace, time, defences.WholeTree);
                    Reap(program.Pid, wait: false);
                    return new(null, IsTimeout: !cancellation.IsCancellationRequested, IsCodeUnknown: false);
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

    /// <summary>The exit code of a child; null when it runs, or when somebody else has taken it.</summary>
    public static unsafe int? Reap(int pid, bool wait)
    {
        int status;
        int answer;
        do
        {
            answer = Libc.WaitPid(pid, &status, wait ? 0 : Libc.NoHang);
        }
        while (answer < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);

        return answer != pid ? null : (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
    }

    // Waits for output, for the end, or for a tick.
    private unsafe bool Watch(int process)
    {
        var entries = stackalloc Libc.PollEntry[2];
        entries[0] = new() { Handle = process, Events = Libc.PollIn };
        entries[1] = new() { Handle = _isOutputOpen ? program.Output : -1, Events = Libc.PollIn };
        var start = time.GetTimestamp();
        Libc.Poll(entries, 2, Tick);
        if (entries[1].Returned != 0)
        {
            ReadSome();
        }
        else if (time.GetElapsedTime(start).TotalMilliseconds >= Tick - 1)
        {
            tree.Snapshot();
        }

        return process >= 0 ? entries[0].Returned != 0 : ProcessEntry.Find(program.Pid) is null or { IsZombie: true };
    }

    // A grandchild may hold the pipe open for ever.
    private unsafe void Drain()
    {
        var start = time.GetTimestamp();
        while (_isOutputOpen && time.GetElapsedTime(start) is var elapsed && elapsed < s_longestPipe)
        {
            var entry = new Libc.PollEntry { Handle = program.Output, Events = Libc.PollIn };
            if (Libc.Poll(&entry, 1, (int)(s_longestPipe - elapsed).TotalMilliseconds) > 0)
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
