using System.Collections.Immutable;
using Luminarys.Diagnostics;
using Luminarys.Events;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master;

/// <summary>Says aloud that a node offers a skill that it may not offer, or not under this id: once for as long as it goes on.</summary>
internal sealed class NameGuard(EventPump events, ILogger logger)
{
    // A node decides how many it offers; it does not decide how much is written.
    private const int MaxTold = 32;

    private HashSet<RefusedSkill> _told = [];

    /// <summary>Tells what is new.</summary>
    public void Report(ImmutableArray<RefusedSkill> refused)
    {
        if (refused.IsEmpty && _told.Count == 0)
        {
            return;
        }

        var fresh = refused.Where(skill => !_told.Contains(skill)).ToList();
        foreach (var skill in fresh.Take(MaxTold))
        {
            Tell(skill);
        }

        foreach (var skill in fresh)
        {
            LuminarysDiagnostics.SecurityEvents.Add(1, new KeyValuePair<string, object?>("luminarys.kind", KindOf(skill.Reason)));
        }

        if (fresh.Count > MaxTold)
        {
            Log.MoreSkillsRefused(logger, fresh.Count - MaxTold);
        }

        _told = [.. refused];
    }

    private void Tell(RefusedSkill skill)
    {
        switch (skill.Reason)
        {
            case SkillRefusal.NotAccepted: Log.SkillNotAccepted(logger, skill.Skill, skill.Node); break;
            case SkillRefusal.UnknownSigner: Log.SkillSignerUnknown(logger, skill.Skill, skill.Node); break;
            case SkillRefusal.Duplicate: Log.SkillDuplicate(logger, skill.Skill, skill.Node, skill.Owner?.Value ?? "a node that has left"); break;
            default: Log.SkillShadowed(logger, skill.Skill, skill.Node, skill.Owner?.Value ?? "a node that has left"); break;
        }

        events.Post(new SkillRefused(skill.Node, skill.Skill, skill.Reason, skill.Owner));
    }

    private static string KindOf(SkillRefusal reason) => reason switch
    {
        SkillRefusal.NotAccepted => "skill-not-accepted",
        SkillRefusal.UnknownSigner => "skill-signer-unknown",
        SkillRefusal.Duplicate => "skill-duplicate",
        _ => "skill-other-package",
    };
}
