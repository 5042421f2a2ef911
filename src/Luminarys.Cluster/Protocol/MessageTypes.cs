namespace Luminarys.Cluster.Protocol;

/// <summary>The last tokens of subjects, which are also the <c>t</c> of envelopes.</summary>
internal static class MessageTypes
{
    public const string Hello = "hello";
    public const string Register = "reg";
    public const string Deregister = "dereg";
    public const string Heartbeat = "hb";
    public const string Snapshot = "snap";
    public const string Epoch = "epoch";
    public const string Sync = "sync";
    public const string Ping = "ping";
    public const string Call = "call";
    public const string Cancel = "cancel";
    public const string Bundle = "bundle";
    public const string Frame = "frame";
    public const string Query = "query";
    public const string Part = "part";
    public const string More = "more";
    public const string Event = "event";
    public const string KeyValue = "kv";
    public const string Transfer = "xfer";
    public const string Beacon = "master";
    public const string Delta = "reg";

    /// <summary>Whether messages of this type belong to calls, or are as frequent as calls.</summary>
    public static bool IsTraffic(string type) => type is Call or Frame or Part or More or Event or KeyValue or Transfer;
}
