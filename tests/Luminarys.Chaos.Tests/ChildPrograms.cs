namespace Luminarys.Chaos;

/// <summary>A script in the journal of a node that starts two programs, one of them in a session of its own, and waits for them.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class ChildPrograms
{
    /// <summary>Programs of one run, the script itself left out.</summary>
    public const int Count = 2;

    // An odd time to sleep makes them known among all processes.
    private readonly string _mark = $"617.{Random.Shared.Next(100_000, 1_000_000)}";

    public ChildPrograms(ChaosNode node, string name)
    {
        Script = $"children-{name}";
        var path = Path.Combine(node.Journal, Script);
        File.WriteAllText(path, $"#!/bin/sh\nsleep {_mark} &\nsetsid sleep {_mark} &\nwait\nsleep {_mark}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Script { get; }

    /// <summary>Those that run.</summary>
    public int Running => Directory.EnumerateDirectories("/proc").Count(IsOurs);

    private bool IsOurs(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0') is ["sleep", var time, ..] && time == _mark;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is no process.
            return false;
        }
    }
}
