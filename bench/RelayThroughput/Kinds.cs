namespace RelayThroughput;

/// <summary>Ways that a file may take, by the names that the processes of a run tell each other.</summary>
internal static class Kinds
{
    public const string Sealed = "relay-sealed";
    public const string Plain = "relay-plain";
    public const string SocketSealed = "socket-sealed";
    public const string SocketPlain = "socket-plain";

    /// <summary>NATS messages, 128 of them ahead of the sink's acknowledgement.</summary>
    public const string Nats128 = "nats-128";

    /// <summary>The same with 16 of them: what a publisher allows itself that does not know how much a slow subscriber may have waiting.</summary>
    public const string Nats16 = "nats-16";

    /// <summary>How many messages are ahead of the sink's acknowledgement; 0 where there are no messages.</summary>
    public static int WindowOf(string kind) => kind switch
    {
        Nats128 => 128,
        Nats16 => 16,
        _ => 0,
    };

    /// <summary>Whether the file takes our relay.</summary>
    public static bool IsOurs(string kind) => kind is Sealed or Plain;

    /// <summary>Whether it is encrypted.</summary>
    public static bool IsSealed(string kind) => kind is Sealed or SocketSealed;
}
