using System.Globalization;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// The daemons of one skill. Also written to a file: what a crashed host has left running is ended when the skill is loaded again. Thread-safe.
/// </summary>
internal sealed class DaemonTable : IDisposable
{
    /// <summary>Most daemons of a skill.</summary>
    public const int Most = 4;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<Daemon> _daemons = [];
    private readonly string _file;
    private readonly TimeProvider _time;
    private int _starting;
    private bool _isDisposed;

    /// <summary>Ends what an earlier process has left, and begins with an empty table.</summary>
    public DaemonTable(string file, TimeProvider time)
    {
        (_file, _time) = (file, time);
        Sweep();
    }

    /// <summary>Those that run.</summary>
    public Daemon[] Running
    {
        get
        {
            lock (_gate)
            {
                if (_daemons.RemoveAll(daemon => !daemon.IsAlive) > 0)
                {
                    Shorten();
                }

                return [.. _daemons];
            }
        }
    }

    /// <summary>Starts one and adds it; answers false without a start when there are enough already.</summary>
    /// <param name="start">Starts it; may answer null when it cannot.</param>
    /// <exception cref="IOException">The table cannot be written; the daemon was ended again.</exception>
    public bool TryAdd(Func<Daemon?> start)
    {
        lock (_gate)
        {
            if (_isDisposed || Running.Length + _starting >= Most)
            {
                return false;
            }

            _starting++;
        }

        Daemon? daemon = null;
        try
        {
            daemon = start();
        }
        finally
        {
            Settle(daemon);
        }

        return true;
    }

    /// <summary>Ends all of them.</summary>
    public void Dispose()
    {
        Daemon[] daemons;
        lock (_gate)
        {
            _isDisposed = true;
            daemons = [.. _daemons];
            _daemons.Clear();
        }

        End(daemons);
        lock (_gate)
        {
            Shorten();
        }
    }

    private void Settle(Daemon? daemon)
    {
        var isKept = daemon is null;
        try
        {
            lock (_gate)
            {
                _starting--;
                if (daemon is not null && !_isDisposed)
                {
                    _daemons.Add(daemon);
                    Save();
                    isKept = true;
                }
            }
        }
        finally
        {
            if (!isKept)
            {
                End([daemon!]);
            }
        }
    }

    private void End(Daemon[] daemons)
    {
        ProcessTree.EndAll([.. daemons.Select(daemon => daemon.Tree)], s_grace, _time);
        foreach (var daemon in daemons)
        {
            daemon.Dispose();
        }
    }

    // Numbers of processes are used again, and not only after a new start of the system: a process counts when it carries the daemon's mark.
    private void Sweep()
    {
        if (!File.Exists(_file))
        {
            return;
        }

        var trees = new List<ProcessTree>();
        foreach (var line in File.ReadAllLines(_file))
        {
            if (line.Split(' ') is [var boot, var pid, var started, var name] && boot == BootId
                && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                && ProcessMark.Find(name) is { } mark)
            {
                trees.Add(ProcessTree.OfLeftover(number, start, mark));
            }
        }

        ProcessTree.EndAll(trees, TimeSpan.Zero, _time);
        trees.ForEach(tree => tree.Forget());
        Shorten();
    }

    // Where that fails, the table names processes that are gone, and their marks with them.
    private void Shorten()
    {
        try
        {
            Save();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private void Save()
    {
        if (_daemons.Count == 0)
        {
            File.Delete(_file);
            return;
        }

        var temporary = $"{_file}.new";
        File.WriteAllLines(
            temporary,
            _daemons.Select(daemon => string.Create(CultureInfo.InvariantCulture, $"{BootId} {daemon.Pid} {daemon.Tree.Started} {daemon.Tree.Mark.Name}")));
        File.Move(temporary, _file, overwrite: true);
    }

    private static string BootId { get; } = ReadBootId();

    private static string ReadBootId()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}
