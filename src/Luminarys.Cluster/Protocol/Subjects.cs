using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Protocol;

/// <summary>Every subject of one cluster, built and taken apart in one place.</summary>
/// <param name="cluster">The cluster.</param>
internal sealed class Subjects(ClusterId cluster)
{
    // The token of the kind of answer, a dot, and an id of 32 digits.
    private const int FrameTail = 34;

    // Room for two names of 63 characters, an id and the tokens between them.
    private const int MaxSubject = 192;

    private readonly string _prefix = $"lm.v1.{cluster}.";
    private Recent? _recent;

    /// <summary>The master's beacon.</summary>
    public string Beacon { get; } = $"lm.v1.{cluster}.b.{MessageTypes.Beacon}";

    /// <summary>Registry deltas.</summary>
    public string Registry { get; } = $"lm.v1.{cluster}.b.{MessageTypes.Delta}";

    /// <summary>Pattern of everything that goes to all nodes.</summary>
    public string AllBroadcasts { get; } = $"lm.v1.{cluster}.b.*";

    /// <summary>From a node to the master.</summary>
    public string ToMaster(NodeId node, string type) => $"{_prefix}m.{node}.{type}";

    /// <summary>Pattern of one message type from every node.</summary>
    public string ToMasterFromAny(string type) => $"{_prefix}m.*.{type}";

    /// <summary>From the master to a node.</summary>
    public string ToNode(NodeId node, string type) => string.Create(null, stackalloc char[MaxSubject], $"{_prefix}n.{node.Value}.{type}");

    /// <summary>Answer to a control request of the master.</summary>
    public string AnswerToMaster(NodeId node, CallId id) => $"{_prefix}m.{node}.a.{id}";

    /// <summary>Pattern of all answers to the master's control requests.</summary>
    public string AnswersToMaster => $"{_prefix}m.*.a.*";

    /// <summary>Answer to a control request of a node.</summary>
    public string AnswerToNode(NodeId node, CallId id) => $"{_prefix}n.{node}.a.{id}";

    /// <summary>Pattern of all answers to a node's control requests.</summary>
    public string AnswersToNode(NodeId node) => $"{_prefix}n.{node}.a.*";

    /// <summary>Where the frames of a call go.</summary>
    public string Frames(NodeId node, CallId id) => string.Create(null, stackalloc char[MaxSubject], $"{_prefix}m.{node.Value}.r.{id.Value:N}");

    /// <summary>Pattern of the frames of all calls.</summary>
    public string AllFrames => $"{_prefix}m.*.r.*";

    /// <summary>Where the frames of a call go that a node's skill made.</summary>
    public string FramesToNode(NodeId node, CallId id) => $"{_prefix}n.{node}.r.{id}";

    /// <summary>Pattern of the frames of all calls that a node's skills made.</summary>
    public string AllFramesToNode(NodeId node) => $"{_prefix}n.{node}.r.*";

    /// <summary>Reaches exactly one process.</summary>
    public string Ping(NodeId node, InstanceId instance) => $"{_prefix}i.{node}.{instance}.{MessageTypes.Ping}";

    /// <summary>Pattern of everything to the master in the name of a node.</summary>
    public string AllToMaster(NodeId node) => $"{_prefix}m.{node}.>";

    /// <summary>Pattern of everything to the master.</summary>
    public string AllToMasterFromAny => $"{_prefix}m.>";

    /// <summary>Pattern of everything to a node.</summary>
    public string AllToNode(NodeId node) => $"{_prefix}n.{node}.>";

    /// <summary>Pattern of everything to any node.</summary>
    public string AllToNodes => $"{_prefix}n.>";

    /// <summary>Pattern of all probes of one node.</summary>
    public string AllPings(NodeId node) => $"{_prefix}i.{node}.>";

    /// <summary>Pattern of all probes.</summary>
    public string AllPingsOfAny => $"{_prefix}i.>";

    /// <summary>From one end of a transfer to the other, where no relay can be reached.</summary>
    public string Tunnel(NodeId from, NodeId to, UInt128 transfer) => $"{_prefix}t.{from}.{to}.{transfer:x32}";

    /// <summary>Pattern of all tunnels from a node.</summary>
    public string AllTunnelsFrom(NodeId node) => $"{_prefix}t.{node}.*.*";

    /// <summary>Pattern of all tunnels to a node.</summary>
    public string AllTunnelsTo(NodeId node) => $"{_prefix}t.*.{node}.*";

    /// <summary>Whether the subject, of an answer, is one of a call's frames.</summary>
    public static bool IsFrame(string subject) => subject.Length > FrameTail && subject[^FrameTail] == 'r';

    /// <summary>Takes a subject apart; false when it is none of this cluster's.</summary>
    public bool TryParse(string subject, out SubjectAddress address)
    {
        // Nearly all messages of a subscription differ from the last one in nothing but the id of a call.
        var (recent, head) = (Volatile.Read(ref _recent), subject.LastIndexOf('.') + 1);
        if (recent is not null && subject.AsSpan(0, head).SequenceEqual(recent.Subject.AsSpan(0, recent.Head)))
        {
            if (recent.Address.Answers is null && subject.Length == recent.Subject.Length && string.Equals(subject, recent.Subject, StringComparison.Ordinal))
            {
                address = recent.Address;
                return true;
            }

            if (recent.Address.Answers is not null && CallId.TryParse(subject[head..], out var id))
            {
                address = recent.Address with { Answers = id };
                return true;
            }
        }

        if (!TrySplit(subject, out address))
        {
            return false;
        }

        Volatile.Write(ref _recent, new(subject, head, address));
        return true;
    }

    private bool TrySplit(string subject, out SubjectAddress address)
    {
        address = default;
        if (!subject.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = subject.AsSpan(_prefix.Length);
        Span<Range> tokens = stackalloc Range[5];
        var count = rest.Split(tokens, '.');
        if (count is < 2 or > 4 || rest[tokens[0]].Length != 1)
        {
            return false;
        }

        var area = rest[tokens[0]][0];
        var last = rest[tokens[count - 1]].ToString();
        if (area == 'b')
        {
            address = new(area, default, last, default);
            return count == 2;
        }

        if (area is not ('m' or 'n' or 'i') || count < 3 || !NodeId.TryParse(rest[tokens[1]].ToString(), out var node))
        {
            return false;
        }

        if (count == 3)
        {
            address = new(area, node, last, default);
            return area != 'i';
        }

        if (area == 'i')
        {
            address = new(area, node, last, default);
            return last == MessageTypes.Ping;
        }

        var isAnswer = rest[tokens[2]] is "a" or "r" && CallId.TryParse(last, out var id) ? id : (CallId?)null;
        address = new(area, node, "", isAnswer);
        return isAnswer is not null;
    }

    /// <summary>The subject that was taken apart last.</summary>
    private sealed record Recent(string Subject, int Head, SubjectAddress Address);
}
