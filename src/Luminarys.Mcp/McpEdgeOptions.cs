using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp;

/// <summary>Settings of the MCP edge. Read once, when the edge is built, and validated at start.</summary>
public sealed class McpEdgeOptions
{
    /// <summary>Name that the server gives to clients.</summary>
    [Required]
    public string ServerName { get; set; } = "luminarys";

    /// <summary>Version that the server gives to clients; by default that of this library.</summary>
    [Required]
    public string ServerVersion { get; set; } = typeof(McpEdgeOptions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>
    /// Publishes tools as <c>&lt;skill&gt;/&lt;method&gt;</c> instead of <c>&lt;skill&gt;__&lt;method&gt;</c>.
    /// A call may use either form in any case.
    /// </summary>
    public bool UpstreamToolNames { get; set; }

    /// <summary>
    /// Publishes every tool also as <c>&lt;node&gt;__&lt;skill&gt;__&lt;method&gt;</c>, once for each node that offers the skill: a call of that name goes to
    /// that node only.
    /// </summary>
    public bool QualifiedToolNames { get; set; }

    /// <summary>How long one call may take: 1 s to 60 min. A client's own timeout or cancellation ends it earlier.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan InvokeTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Largest request body in bytes, at least 1 KiB; 4 MiB unless set. A larger one is answered 413.</summary>
    [Range(1024L, long.MaxValue)]
    public long MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Tokens that a client may present as <c>Authorization: Bearer</c>. With none, and without <see cref="OAuth"/>, every client is let in.</summary>
    [Required]
    public IReadOnlyList<string> Tokens { get; set; } = [];

    /// <summary>Authorization server whose access tokens are accepted as well; null for none.</summary>
    [ValidateObjectMembers]
    public McpOAuthOptions? OAuth { get; set; }

    /// <summary>Base URL as clients see it; null when it is the address that the server listens on. Its host and origin are accepted.</summary>
    public Uri? ServerUrl { get; set; }

    /// <summary>Host headers that are accepted besides loopback names and the address of the connection: a name, or <c>name:port</c>.</summary>
    [Required]
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>Web pages that may call besides the server's own, as <c>scheme://host[:port]</c>. There is no wildcard.</summary>
    [Required]
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Whether the server listens on more than loopback: without tokens, a start is then warned about, or refused when <see cref="Strict"/>.</summary>
    public bool ListensBeyondLoopback { get; set; }

    /// <summary>Calls of clients that run at once, on whatever node. Further ones wait.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentCalls { get; set; } = 64;

    /// <summary>Of these, calls of one principal: of one token.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentCallsPerPrincipal { get; set; } = 32;

    /// <summary>Calls that may wait, of all and of one principal; further ones are answered <c>BUSY</c>.</summary>
    [Range(0, 1_000_000)]
    public int MaxWaitingCalls { get; set; } = 256;

    /// <summary>Calls of one principal that may begin in a minute, and at once; null for no limit. What a skill takes is limited by its manifest.</summary>
    [Range(1, 1_000_000)]
    public int? MaxCallsPerMinute { get; set; }

    /// <summary>
    /// File with the digest of each tool's definition as it was first published; a tool whose definition is another one is withheld until its line is
    /// deleted. Made when it is not there. Null to publish whatever skills say of themselves.
    /// </summary>
    public string? PinFile { get; set; }

    /// <summary>
    /// Largest result in bytes that is answered itself: 1 KiB to 16 MiB, 4 MiB unless set. A larger one is stored, and the answer links to it.
    /// </summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MaxInlineResultBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Directory for files that clients upload and for stored results; made for this user alone, and emptied when the application stops. No skill may have a
    /// grant that reaches it. Null for one below the temporary directory.
    /// </summary>
    public string? FileDirectory { get; set; }

    /// <summary>
    /// Also serves the transport of protocol 2024-11-05, HTTP with SSE: at <c>sse</c> and <c>message</c> below the route of the MCP endpoint, and at
    /// <c>/sse</c>. For clients that know no other.
    /// </summary>
    public bool LegacySse { get; set; }

    /// <summary>Refuses to start with unsafe settings.</summary>
    public bool Strict { get; set; }
}
