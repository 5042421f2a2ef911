using System.Collections.Immutable;
using System.Text;
using Luminarys.Events;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Cluster.Master;

/// <summary>
/// Decides which of the nodes that offer a skill id is called. The master's own skills own their ids; otherwise the first live registrant does, and
/// keeps it while it lives. Another node takes over after the owner has gone, and only with the same package, or with a list registered after that.
/// </summary>
/// <param name="self">The master.</param>
/// <param name="reservation">How long after the first decision, which is when the master takes office, a recorded owner may take to come back.</param>
/// <param name="rules">What the operator says about skill ids; by default nothing.</param>
/// <param name="defences">All but in tests.</param>
internal sealed class SkillOwnership(NodeId self, TimeSpan reservation, NameRules? rules = null, ClusterDefences? defences = null)
{
    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromHours(24);
    private readonly Dictionary<SkillId, OwnerRecord> _owners = [];
    private readonly NameRules _rules = rules ?? NameRules.Open;
    private readonly ClusterDefences _defences = defences ?? ClusterDefences.All;
    private TimeSpan? _reservedUntil;

    /// <summary>Grows with every change of an owner; what <see cref="Format"/> gives is then to be written down again.</summary>
    public int Version { get; private set; }

    /// <summary>Decides about everything that is offered now.</summary>
    public OwnershipDecision Resolve(IEnumerable<SkillCandidate> candidates, long lastOrder, TimeSpan now)
    {
        _reservedUntil ??= now + reservation;
        var refused = ImmutableArray.CreateBuilder<RefusedSkill>();
        var bySkill = candidates.Where(candidate => IsAdmitted(candidate, refused)).ToLookup(candidate => candidate.Skill.Id);
        var chosen = new Dictionary<SkillId, SkillCandidate>();
        var replicas = new List<SkillCandidate>();
        foreach (var offers in bySkill)
        {
            var owner = Choose(offers.Key, offers, lastOrder, now);
            if (owner is { } best)
            {
                chosen.Add(offers.Key, best);
                Record(offers.Key, new(best.Node, best.Skill.Digest));
            }

            foreach (var other in offers.Where(offer => offer.Node != owner?.Node))
            {
                var refusal = FindRefusal(other, owner);
                if (refusal is { } reason)
                {
                    refused.Add(new(other.Node, other.Skill.Id, other.Skill.Digest, reason, owner?.Node));
                }

                if (refusal != SkillRefusal.Duplicate)
                {
                    replicas.Add(other);
                }
            }
        }

        VacateMissing(bySkill, lastOrder, now);
        return new(chosen, replicas, refused.DrainToImmutable());
    }

    /// <summary>Who is on record for a skill id; null when nobody is.</summary>
    public NodeId? OwnerOf(SkillId skill) => _owners.GetValueOrDefault(skill)?.Node;

    /// <summary>The record as text: one line for each skill.</summary>
    public string Format()
    {
        var text = new StringBuilder();
        foreach (var (skill, owner) in _owners.OrderBy(pair => pair.Key.Value, StringComparer.Ordinal))
        {
            text.Append(skill).Append(' ').Append(owner.Node).Append(' ').Append(owner.Digest).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Takes over a record of an earlier run; lines that are none are left out.</summary>
    public void Restore(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            if (words.Length == 3 && SkillId.TryParse(words[0], out var skill) && NodeId.TryParse(words[1], out var node))
            {
                _owners[skill] = new(node, new(words[2]), IsRestored: true);
            }
        }
    }

    // What the master runs itself its operator chose.
    private bool IsAdmitted(SkillCandidate candidate, ImmutableArray<RefusedSkill>.Builder refused)
    {
        if (candidate.Node == self || _rules.FindRefusal(candidate.Node, candidate.Skill) is not { } reason)
        {
            return true;
        }

        refused.Add(new(candidate.Node, candidate.Skill.Id, candidate.Skill.Digest, reason, null));
        return false;
    }

    // Without an owner nothing is decided yet: the recorded one may come back, or the offer is made anew.
    private SkillRefusal? FindRefusal(SkillCandidate other, SkillCandidate? owner) =>
        _rules.Duplicates == DuplicateRule.Error ? SkillRefusal.Duplicate
        : owner is { } best && best.Skill.Digest != other.Skill.Digest ? SkillRefusal.OtherPackage
        : null;

    private SkillCandidate? Choose(SkillId skill, IEnumerable<SkillCandidate> offers, long lastOrder, TimeSpan now)
    {
        var inOrder = offers.OrderBy(offer => offer.Order).ToList();
        foreach (var offer in inOrder.Where(offer => offer.Node == self))
        {
            return offer;
        }

        // What the master itself had, and has no more, is nobody's: it does not come back while the master runs.
        if (!_owners.TryGetValue(skill, out var record) || record.Node == self)
        {
            return inOrder[0];
        }

        if (!_defences.OwnerPrecedence)
        {
            return inOrder[^1];
        }

        foreach (var offer in inOrder.Where(offer => offer.Node == record.Node))
        {
            return offer;
        }

        if (IsReserved(record, now))
        {
            return null;
        }

        record = Vacate(skill, record, lastOrder, now);
        var heirs = inOrder.Where(offer => IsHeir(offer, record)).ToList();
        return heirs.Count == 0 ? null : heirs.OrderBy(offer => offer.Skill.Digest == record.Digest ? 0 : 1).First();
    }

    // Where there may be one only, whoever was refused stays refused; after a restart of the master nobody was yet.
    private bool IsHeir(SkillCandidate offer, OwnerRecord record) =>
        offer.Order > record.VacatedOrder
        || ((_rules.Duplicates != DuplicateRule.Error || record.IsRestored) && (offer.Skill.Digest == record.Digest || !_defences.EqualDigests));

    private void VacateMissing(ILookup<SkillId, SkillCandidate> bySkill, long lastOrder, TimeSpan now)
    {
        foreach (var (skill, record) in _owners.Where(pair => !bySkill.Contains(pair.Key)).ToList())
        {
            if (IsReserved(record, now))
            {
                continue;
            }

            if (now - Vacate(skill, record, lastOrder, now).VacatedAt > s_forgetAfter)
            {
                _owners.Remove(skill);
                Version++;
            }
        }
    }

    // The owner of the run before gets its chance to come back.
    private bool IsReserved(OwnerRecord record, TimeSpan now) => record.IsRestored && now < _reservedUntil;

    private OwnerRecord Vacate(SkillId skill, OwnerRecord record, long lastOrder, TimeSpan now)
    {
        if (record.VacatedOrder is null)
        {
            record = record with { VacatedOrder = lastOrder, VacatedAt = now };
            _owners[skill] = record;
        }

        return record;
    }

    private void Record(SkillId skill, OwnerRecord record)
    {
        if (_owners.GetValueOrDefault(skill) != record)
        {
            _owners[skill] = record;
            Version++;
        }
    }
}
