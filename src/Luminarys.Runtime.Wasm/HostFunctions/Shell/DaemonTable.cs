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
    private readonly ShellDefences _defences;

    /// <summary>Ends what an earlier process has left, and begins with an empty table.</summary>
    public DaemonTable(string file, TimeProvider time, ShellDefences defences)
    {
        (_file, _time, _defences) = (file, time, defences);
        Sweep();
    }

    /// <summary>Those that run.</summary>
    public Daemon[] Running
    {
        get
        {
            lock (_gate)
            {
                if (_daemons.RemoveAll(daemon => !daemon.IsRunning) > 0)
                {
                    Save();
                }

                return [.. _daemons];
            }
        }
    }

    /// <summary>Adds one that has just been started.</summary>
    public void Add(Daemon daemon)
    {
        lock (_gate)
        {
            _daemons.Add(daemon);
            Save();
        }
    }

    /// <summary>Ends all of them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var daemon in _daemons)
            {
                daemon.End(s_grace, _time, _defences);
                daemon.Dispose();
            }

            _daemons.Clear();
            Save();
        }
    }

    // A process is the one that was meant only if it also started at the same moment, since the same start of the system.
    private void Sweep()
    {
        if (!File.Exists(_file))
        {
            return;
        }

        foreach (var line in File.ReadAllLines(_file))
        {
            var parts = line.Split(' ');
            if (parts is [var boot, var pid, var started] && boot == BootId
                && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && ProcessEntry.Find(number) is { IsZombie: false } entry
                && entry.Started.ToString(CultureInfo.InvariantCulture) == started)
            {
                EndLeftover(entry);
            }
        }

        Save();
    }

    // Its own session holds everything that it did not send away on purpose.
    private static void EndLeftover(in ProcessEntry leader)
    {
        var session = leader.Session;
        foreach (var process in ProcessEntry.ReadAll().Where(process => process.Session == session))
        {
            Libc.Signal(process.Pid, Libc.Kill);
        }
    }

    private void Save()
    {
        if (_daemons.Count == 0)
        {
            if (File.Exists(_file))
            {
                File.Delete(_file);
            }

            return;
        }

        var temporary = $"{_file}.new";
        File.WriteAllLines(temporary, _daemons.Select(daemon => string.Create(CultureInfo.InvariantCulture, $"{BootId} {daemon.Pid} {daemon.Tree.Started}")));
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
