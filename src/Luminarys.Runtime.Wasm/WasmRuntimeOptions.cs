using System.ComponentModel.DataAnnotations;

namespace Luminarys.Runtime.Wasm;

/// <summary>Limits and places of the WebAssembly runtime. Read once, when the runtime is made; a manifest may lower or raise its own skill's limits.</summary>
public sealed class WasmRuntimeOptions
{
    /// <summary>Linear memory of one instance in MiB, 1 to 4096.</summary>
    [Range(1, 4096)]
    public int MemoryLimitMegabytes { get; set; } = 64;

    /// <summary>Instances of one skill, 1 to 64: that many calls of it run at once.</summary>
    [Range(1, 64)]
    public int MaxInstances { get; set; } = 1;

    /// <summary>Longest duration of one call, 1 s to 60 min. A call's own deadline may end it earlier.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan InvokeTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Calls of one skill that may wait for an instance; one more is answered <c>BUSY</c>.</summary>
    [Range(1, 65536)]
    public int QueueLength { get; set; } = 64;

    /// <summary>
    /// Directory for compiled modules; null compiles at each load. It holds native code: it is created for this user alone and not used when
    /// another user could write to it.
    /// </summary>
    public string? CacheDirectory { get; set; }

    /// <summary>Whether what skills write with <c>log_write</c> appears in the host's log.</summary>
    public bool SkillLog { get; set; }

    /// <summary>Largest module in MiB, 1 to 1024.</summary>
    [Range(1, 1024)]
    public int MaxModuleMegabytes { get; set; } = 64;

    /// <summary>Longest duration of compiling a module, and of starting it, 1 s to 60 min each.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CompileTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Linear memory of all instances together in MiB; a call that would need more is answered <c>BUSY</c>.</summary>
    [Range(1, 1048576)]
    public int TotalMemoryMegabytes { get; set; } = 16384;

    /// <summary>
    /// Directory for what the host keeps of running skills: homes of programs, the table of daemons. Made for this user alone; null uses a directory
    /// below the temporary one.
    /// </summary>
    public string? StateDirectory { get; set; }

    /// <summary>
    /// Directory for files that come with calls: each skill may read its own directory in it, without a grant in its manifest. Null for none, which is how a
    /// node without clients has it.
    /// </summary>
    public string? InboxDirectory { get; set; }

    /// <summary>Whether a skill may ask for a TLS connection without certificate checks.</summary>
    public bool AllowInsecureTls { get; set; }

    /// <summary>Whether loopback and private addresses need an allowlist entry even where the published rules grant them as a class.</summary>
    public bool DenyInternalNetwork { get; set; }

    /// <summary>
    /// The host's own endpoints as <c>host:port</c>: bus, relay, MCP. A skill reaches one only when its manifest names exactly that host and port.
    /// </summary>
    public IList<string> OwnEndpoints { get; } = [];

    /// <summary>
    /// Absolute paths of files and directories of the host itself, such as its database and its keys. A skill whose manifest reaches one is not loaded;
    /// <see cref="StateDirectory"/> counts without being listed.
    /// </summary>
    public IList<string> OwnPaths { get; } = [];

    /// <summary>Absolute directories in which a program without a slash is looked up, in order.</summary>
    public IList<string> ShellPath { get; set; } = ["/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>Fence around programs that skills start.</summary>
    public ProgramIsolation ShellIsolation { get; set; } = ProgramIsolation.Landlock;

    /// <summary>
    /// Whether orphans of programs come to this process, so that none escapes its limit. Only for a process that starts no children of its own: it reaps
    /// whatever comes.
    /// </summary>
    public bool AdoptOrphans { get; set; }

    /// <summary>Whether links in archives are left out instead of refused.</summary>
    public bool SkipArchiveLinks { get; set; }

    /// <summary>
    /// Whether a skill loads only from a package that a key of the trust folder has signed. Otherwise a package of an unknown key and a bare module load
    /// with a warning; a package that was changed or whose key was revoked never loads.
    /// </summary>
    public bool OnlyTrustedPackages { get; set; }

    /// <summary>Whether nothing loads without a list of revoked keys that is in date.</summary>
    public bool RequireRevocationList { get; set; }
}
