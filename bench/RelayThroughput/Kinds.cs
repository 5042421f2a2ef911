namespace RelayThroughput;

/// <summary>Ways that a file may take, by the names that the processes of a run tell each other.</summary>
internal static class Kinds
{
    public const string Sealed = "relay-sealed";
    public const string Plain = "relay-plain";
    public const string SocketSealed = "socket-sealed";
    public const string SocketPlain = "socket-plain";
    public const string Nats = "nats";

    /// <summary>Whether the file takes our relay.</summary>
    public static bool IsOurs(string kind) => kind is Sealed or Plain;

    /// <summary>Whether it is encrypted.</summary>
    public static bool IsSealed(string kind) => kind is Sealed or SocketSealed;
}
