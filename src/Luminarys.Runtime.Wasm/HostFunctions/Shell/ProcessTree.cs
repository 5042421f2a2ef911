using System.Collections.Concurrent;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// The processes that came of one program. It knows them by the mark that they inherit, by their sessions, and by parents that it saw in snapshots;
/// where this process adopts orphans, also by being adopted. Thread-safe.
/// </summary>
internal sealed class ProcessTree
{
    private const int SetSubreaper = 36;
    private const int GetSubreaper = 37;

    private static readonly TimeSpan s_longestKill = TimeSpan.FromSeconds(1);

    // Every tree of this process: an orphan of another one must not be killed with this one.
    private static readonly ConcurrentDictionary<int, ProcessTree> s_active = new();

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<int, long> _known = new();
    private readonly HashSet<int> _adopted = [];
    private readonly ProcessMark _mark;
    private readonly int _root;

    /// <summary>Begins to watch.</summary>
    /// <param name="root">The program.</param>
    /// <param name="started">When it started, in ticks since the system did.</param>
    /// <param name="mark">What it was given.</param>
    public ProcessTree(int root, long started, ProcessMark mark)
    {
        (_root, Started, _mark) = (root, started, mark);
        _known[root] = started;
        s_active[root] = this;
    }

    /// <summary>The processes that a daemon of a crashed host left, by their mark. The number counts only where the mark is not certain.</summary>
    public static ProcessTree OfLeftover(int root, long started, ProcessMark mark)
    {
        var tree = new ProcessTree(root, started, mark);
        if (ProgramLimits.CanMark)
        {
            tree._known.Clear();
        }

        return tree;
    }

    /// <summary>
    /// To be held while a program is started, until its tree is there: else a tree that ends at that moment takes it for an orphan.
    /// </summary>
    public static Lock Starting { get; } = new();

    /// <summary>When the program started, in ticks since the system did.</summary>
    public long Started { get; }

    /// <summary>What the program was given.</summary>
    public ProcessMark Mark => _mark;

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

    /// <summary>Ends everything in all of them: asks politely, waits, then kills until nothing is left or a second is over. Answers how many processes are left.</summary>
    /// <param name="trees">Those to end.</param>
    /// <param name="grace">How long those that were asked may take; none kills at once.</param>
    /// <param name="time">The clock.</param>
    public static int EndAll(IReadOnlyList<ProcessTree> trees, TimeSpan grace, TimeProvider time)
    {
        var start = time.GetTimestamp();
        if (grace > TimeSpan.Zero)
        {
            SignalAll(trees, Libc.Terminate);
            while (trees.Any(tree => tree.HasAlive) && time.GetElapsedTime(start) < grace)
            {
                Pause();
            }
        }

        start = time.GetTimestamp();
        int left;
        while ((left = SignalAll(trees, Libc.Kill)) > 0 && time.GetElapsedTime(start) < s_longestKill)
        {
            Pause();
        }

        return left;
    }

    /// <summary>Remembers the children of what is known. To be called often: a parent that ends between two snapshots hides its children.</summary>
    public void Snapshot() => FindAlive();

    /// <summary>The same as <see cref="EndAll"/> for this one.</summary>
    /// <param name="grace">How long those that were asked may take; none kills at once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wholeTree">Whether more than the program's own group is ended; false in tests only.</param>
    public int End(TimeSpan grace, TimeProvider time, bool wholeTree) => wholeTree ? EndAll([this], grace, time) : Libc.Signal(-_root, Libc.Kill);

    /// <summary>Sends a signal to every process that is known now; answers how many those are.</summary>
    public int Signal(int signal)
    {
        var alive = FindAlive();
        foreach (var process in alive)
        {
            process.Signal(signal);
        }

        return alive.Count;
    }

    /// <summary>Stops watching, and reaps adopted processes that have ended. The program itself must have been reaped.</summary>
    public void Forget()
    {
        s_active.TryRemove(_root, out _);
        if (AdoptsOrphans)
        {
            ReapOrphans();
        }
    }

    private static int SignalAll(IReadOnlyList<ProcessTree> trees, int signal) => trees.Sum(tree => tree.Signal(signal));

    private List<ProcessEntry> FindAlive()
    {
        lock (_gate)
        {
            var all = ProcessEntry.ReadAll();
            ForgetGone(all);
            Remember(all);
            return all.FindAll(process => !process.IsZombie && IsKnown(process));
        }
    }

    // Its number may belong to somebody else soon.
    private void ForgetGone(List<ProcessEntry> all)
    {
        var present = all.Select(process => KeyValuePair.Create(process.Pid, process.Started)).ToHashSet();
        foreach (var known in _known)
        {
            if (!present.Contains(known))
            {
                _known.TryRemove(known);
                _adopted.Remove(known.Key);
            }
        }
    }

    private void Remember(List<ProcessEntry> all)
    {
        var adopts = AdoptsOrphans;
        var grew = true;
        while (grew)
        {
            grew = false;

            // The program leads a session of its own, so that every session with one of its processes holds nothing else.
            var sessions = all.Where(process => IsKnown(process) && !_adopted.Contains(process.Pid)).Select(process => process.Session).ToHashSet();
            foreach (var process in all)
            {
                if (IsKnown(process) || process.Started < Started || process.Pid == Environment.ProcessId)
                {
                    continue;
                }

                var isOurs = sessions.Contains(process.Session) || _known.ContainsKey(process.Parent) || _mark.IsOn(process);
                if (!isOurs && adopts && process.Parent == Environment.ProcessId && IsOrphanOfOurs(process))
                {
                    isOurs = _adopted.Add(process.Pid);
                }

                if (isOurs)
                {
                    _known[process.Pid] = process.Started;
                    grew = true;
                }
            }
        }
    }

    // One without any mark hides on purpose. While the mark is certain, it ends with the first program that can have left it; else with the only one.
    private bool IsOrphanOfOurs(ProcessEntry process) =>
        !IsRoot(process.Pid)
        && s_active.Values.All(tree => ReferenceEquals(tree, this)
            || (!tree.IsKnown(process) && !tree._mark.IsOn(process) && (ProgramLimits.CanMark || tree.Started > process.Started)));

    private bool IsKnown(in ProcessEntry process) => _known.TryGetValue(process.Pid, out var started) && started == process.Started;

    private static bool IsRoot(int pid)
    {
        lock (Starting)
        {
            return s_active.ContainsKey(pid);
        }
    }

    private static unsafe void ReapOrphans()
    {
        foreach (var process in ProcessEntry.ReadAll())
        {
            if (process.IsZombie && process.Parent == Environment.ProcessId && !IsRoot(process.Pid))
            {
                int status;
                Libc.WaitPid(process.Pid, &status, Libc.NoHang);
            }
        }
    }

    private static unsafe void Pause() => Libc.Poll(null, 0, 20);
}
