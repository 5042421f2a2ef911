namespace Luminarys.Cluster;

/// <summary>Defences of the cluster protocol. A test turns one off to see that the simulator notices.</summary>
internal sealed record ClusterDefences
{
    /// <summary>Everything on.</summary>
    public static ClusterDefences All { get; } = new();

    /// <summary>A call's number is spent once.</summary>
    public bool SpentNumbers { get; init; } = true;

    /// <summary>A cancelled call that arrives later does not begin.</summary>
    public bool Tombstones { get; init; } = true;

    /// <summary>A call that a node says never to have seen does not begin when it arrives after all.</summary>
    public bool QueryTombstones { get; init; } = true;

    /// <summary>Calls are taken from the bound master only, and no master of an older term is bound to.</summary>
    public bool Epochs { get; init; } = true;

    /// <summary>A node calls in the name of skills that it has registered, and of no other.</summary>
    public bool CallerOwnership { get; init; } = true;

    /// <summary>The number of a skill call that goes through the master is spent once.</summary>
    public bool SkillCallNumbers { get; init; } = true;
    /// <summary>A node's events are taken up to a rate.</summary>
    public bool EventRates { get; init; } = true;

    /// <summary>Values of a skill's own are not handed to other nodes.</summary>
    public bool PrivateValues { get; init; } = true;

    /// <summary>A call that is older than its deadline does not begin.</summary>
    public bool ClockEcho { get; init; } = true;

    /// <summary>A payload that came in parts is what was announced.</summary>
    public bool PayloadHashes { get; init; } = true;

    /// <summary>A skill list takes the place of an older one only.</summary>
    public bool ListRevisions { get; init; } = true;

    /// <summary>A registry copy takes the place of an older one only.</summary>
    public bool CopyRevisions { get; init; } = true;

    /// <summary>An older process does not take the place of a newer one.</summary>
    public bool Incarnations { get; init; } = true;

    /// <summary>A judge that was late or cut off accuses nobody.</summary>
    public bool LocalHealth { get; init; } = true;

    /// <summary>A node offers only the skills that the operator accepts from it.</summary>
    public bool AcceptLists { get; init; } = true;

    /// <summary>Where the operator asks for it, a skill of another node must be signed with a known key.</summary>
    public bool KnownSigners { get; init; } = true;

    /// <summary>The owner of a name keeps it while it lives.</summary>
    public bool OwnerPrecedence { get; init; } = true;

    /// <summary>A replica takes over only with the owner's package.</summary>
    public bool EqualDigests { get; init; } = true;

    /// <summary>With pinned node keys, a message that does not prove where it comes from changes nothing.</summary>
    public bool Signatures { get; init; } = true;
}
