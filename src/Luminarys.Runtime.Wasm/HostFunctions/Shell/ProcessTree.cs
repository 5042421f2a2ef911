using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// The processes that came of one program. It knows them by a variable and a limit that they inherit, by their session, and by parents that it saw in
/// snapshots; where this process adopts orphans, also by being adopted while no other program can have left them. Thread-safe.
/// </summary>
internal sealed class ProcessTree
{
    /// <summary>Name of the variable.</summary>
    public const string Variable = "LUMINARYS_RUN";

    private const int SetSubreaper = 36;
    private const int GetSubreaper = 37;

    // Every tree of this process: an orphan of another one must not be killed with this one.
    private static readonly ConcurrentDictionary<int, ProcessTree> s_active = new();

    private readonly ConcurrentDictionary<int, long> _known = new();
    private readonly string _assignment;
    private readonly string _mark;
    private readonly int _root;
    private readonly long _started;

    /// <summary>Begins to watch.</summary>
    /// <param name="root">The program, which has just been started by this process.</param>
    /// <param name="mark">Value of the variable that it was given.</param>
    public ProcessTree(int root, string mark)
    {
        _root = root;
        _mark = mark;
        _assignment = $"{Variable}={mark}";
        _started = ProcessEntry.Find(root)?.Started ?? long.MaxValue;
        _known[root] = _started;
        s_active[root] = this;
    }

    /// <summary>When the program started, in ticks since the system did.</summary>
    public long Started => _started;

    /// <summary>A new mark: a number that no limit has by accident.</summary>
    public static string NewMark() => ((BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> 4) | (1UL << 59)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Makes orphans come to this process, or to its parent again; answers false when the system does not.</summary>
    public static bool AdoptOrphans(bool adopt) => Libc.Control(SetSubreaper, adopt ? 1u : 0u, 0, 0, 0) == 0;

    /// <summary>Whether orphans come to this process.</summary>
    public static unsafe bool AdoptsOrphans
    {
        get
        {
            int answer;
            return Libc.Control(GetSubreaper, (nuint)(&answer), 0, 0, 0) == 0 && answer != 0;
        }
    }

    /// <summary>Whether a process of it is alive.</summary>
    public bool HasAlive => FindAlive().Count > 0;

    /// <summary>Remembers the children of what is known. To be called often: a parent that ends between two snapshots hides its children.</summary>
    public void Snapshot() => Remember(ProcessEntry.ReadAll());

    /// <summary>Ends everything: asks politely, waits, then kills until nothing is left or the time is over. Answers how many processes are left.</summary>
    /// <param name="grace">How long those that were asked may take; none kills at once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wholeTree">Whether more than the program's own group is ended; false in tests only.</param>
    public int End(TimeSpan grace, TimeProvider time, bool wholeTree)
    {
        if (!wholeTree)
        {
            Libc.Signal(-_root, Libc.Kill);
            Forget();
            return 0;
        }

        if (grace > TimeSpan.Zero)
        {
            Signal(Libc.Terminate);
            var polite = time.GetTimestamp();
            while (FindAlive().Count > 0 && time.GetElapsedTime(polite) < grace)
            {
                Pause();
            }
        }

        var start = time.GetTimestamp();
        var left = FindAlive();
        while (left.Count > 0 && time.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
        {
            foreach (var process in left)
            {
                Libc.Signal(process.Pid, Libc.Kill);
            }

            Pause();
            left = FindAlive();
        }

        Forget();
        return left.Count;
    }

    /// <summary>Sends a signal to every process that is known now.</summary>
    public void Signal(int signal)
    {
        foreach (var process in FindAlive())
        {
            Libc.Signal(process.Pid, signal);
        }
    }

    /// <summary>Stops watching, and reaps adopted processes that have ended.</summary>
    public void Forget()
    {
        s_active.TryRemove(_root, out _);
        if (AdoptsOrphans)
        {
            ReapOrphans();
        }
    }

    private List<ProcessEntry> FindAlive()
    {
        var all = ProcessEntry.ReadAll();
        Remember(all);
        return all.FindAll(process => !process.IsZombie && IsKnown(process));
    }

    private void Remember(List<ProcessEntry> all)
    {
        var adopts = AdoptsOrphans;
        var grew = true;
        while (grew)
        {
            grew = false;
            foreach (var process in all)
            {
                if (!IsKnown(process) && process.Started >= _started && IsOurs(process, adopts))
                {
                    _known[process.Pid] = process.Started;
                    grew = true;
                }
            }
        }
    }

    private bool IsOurs(in ProcessEntry process, bool adopts) =>
        process.Session == _root
        || (_known.ContainsKey(process.Parent) && process.Parent != Environment.ProcessId)
        || process.HasMark(_assignment, _mark)
        || (adopts && process.Parent == Environment.ProcessId && IsOrphanOfOurs(process));

    // An orphan without a mark belongs to the only program that ran when it started; else to nobody until the others have ended.
    private bool IsOrphanOfOurs(ProcessEntry process) =>
        !s_active.ContainsKey(process.Pid)
        && s_active.Values.All(tree => ReferenceEquals(tree, this) || tree._started > process.Started)
        && !s_active.Values.Any(tree => !ReferenceEquals(tree, this) && tree.IsKnown(process));

    private bool IsKnown(in ProcessEntry process) => _known.TryGetValue(process.Pid, out var started) && started == process.Started;

    private static unsafe void ReapOrphans()
    {
        foreach (var process in ProcessEntry.ReadAll())
        {
            if (process.IsZombie && process.Parent == Environment.ProcessId && !s_active.ContainsKey(process.Pid))
            {
                int status;
                Libc.WaitPid(process.Pid, &status, Libc.NoHang);
            }
        }
    }

    private static unsafe void Pause() => Libc.Poll(null, 0, 20);
}
