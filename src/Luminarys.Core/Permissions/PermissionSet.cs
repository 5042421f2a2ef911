using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>Everything granted to one skill. A capability that is null, or an empty list, is denied.</summary>
public sealed record PermissionSet
{
    /// <summary>A set that grants nothing.</summary>
    public static PermissionSet None { get; } = new();

    /// <summary>Granted directories, in the manifest's order.</summary>
    public ImmutableArray<DirectoryGrant> Directories { get; init; } = [];

    /// <summary>HTTP and WebSocket.</summary>
    public HttpPermission? Http { get; init; }

    /// <summary>Raw TCP.</summary>
    public TcpPermission? Tcp { get; init; }

    /// <summary>Programs.</summary>
    public ShellPermission? Shell { get; init; }

    /// <summary>Files between nodes.</summary>
    public FileTransferPermission? FileTransfer { get; init; }

    /// <summary>The configured environment: the only keys and values that <c>env_get</c> answers. Values may be secret.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;
}
