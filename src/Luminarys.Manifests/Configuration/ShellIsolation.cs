namespace Luminarys.Manifests.Configuration;

/// <summary>How far a program started by a skill is fenced in (<c>shell.isolation</c>).</summary>
public enum ShellIsolation
{
    /// <summary>The strongest level that this system offers without set-up.</summary>
    Automatic,

    /// <summary>No fence but the process limits.</summary>
    None,

    /// <summary>File access limited by Landlock.</summary>
    Landlock,

    /// <summary>Namespaces of its own.</summary>
    Namespace,
}
