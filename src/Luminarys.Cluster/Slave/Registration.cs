using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Slave;

/// <summary>The node's skill list with the revision that orders its registrations.</summary>
internal sealed class Registration(SkillList skills, int pageSize)
{
    private SkillList _skills = skills;
    private ulong _revision = 1;

    /// <summary>Takes over another list; false when it says the same.</summary>
    public bool TryChange(SkillList skills)
    {
        var isNew = skills.Digest != _skills.Digest;
        (_skills, _revision) = isNew ? (skills, _revision + 1) : (_skills, _revision);
        return isNew;
    }

    /// <summary>The messages of one registration.</summary>
    public ImmutableArray<RegisterMessage> Pages(long t0) => _skills.Pages(_revision, pageSize, t0);

    /// <summary>The master knows another list under this revision, or a later one: the next registration goes beyond both.</summary>
    public void Outdo(ulong known) => _revision = Math.Max(_revision, known) + 1;

    /// <summary>A heartbeat that names the list.</summary>
    public HeartbeatMessage Beat(bool isDraining, ulong registryRevision, int running, int free, long t0) =>
        new(isDraining, _revision, _skills.Digest, registryRevision, running, free, t0);
}
