using System.Collections.Immutable;
using System.Security.Cryptography;
using Luminarys.Cluster.Protocol;
using Luminarys.Skills;

namespace Luminarys.Cluster.Membership;

/// <summary>The skills of one node with the digest that names them. Immutable.</summary>
internal sealed class SkillList
{
    private SkillList(ImmutableArray<EncodedSkill> skills)
    {
        Skills = skills;
        Digest = DigestOf(skills);
    }

    /// <summary>No skills.</summary>
    public static SkillList Empty { get; } = new([]);

    /// <summary>Skills, ascending by id, each id once.</summary>
    public ImmutableArray<EncodedSkill> Skills { get; }

    /// <summary>Digest over the encoded skills in order.</summary>
    public Digest128 Digest { get; }

    /// <summary>Encodes the skills of this node.</summary>
    public static SkillList Of(IEnumerable<Skill> skills) =>
        new([.. skills.OrderBy(skill => skill.Id.Value, StringComparer.Ordinal).Select(SkillCodec.Encode)]);

    /// <summary>Takes over a list from another node; null when it is not in ascending order or does not match its digest.</summary>
    public static SkillList? Verify(ImmutableArray<EncodedSkill> skills, Digest128 digest)
    {
        for (var i = 1; i < skills.Length; i++)
        {
            if (string.CompareOrdinal(skills[i - 1].Skill.Id.Value, skills[i].Skill.Id.Value) >= 0)
            {
                return null;
            }
        }

        var list = new SkillList(skills);
        return list.Digest == digest ? list : null;
    }

    /// <summary>The same list, with the objects of another one wherever both say the same: observers tell by them what changed.</summary>
    public SkillList Sharing(SkillList other)
    {
        var known = other.Skills.ToDictionary(skill => skill.Skill.Id);
        return new([.. Skills.Select(skill => known.GetValueOrDefault(skill.Skill.Id) is { } same && same.Bytes.Span.SequenceEqual(skill.Bytes.Span) ? same : skill)]);
    }

    /// <summary>The list as messages of at most the given size each; the last skill of a page may not fit and then stands alone on its page.</summary>
    public ImmutableArray<RegisterMessage> Pages(ulong revision, int pageSize, long t0)
    {
        var pages = new List<ImmutableArray<EncodedSkill>>();
        var page = ImmutableArray.CreateBuilder<EncodedSkill>();
        var size = 0;
        foreach (var skill in Skills)
        {
            if (size + skill.Bytes.Length > pageSize && page.Count > 0)
            {
                pages.Add(page.DrainToImmutable());
                size = 0;
            }

            page.Add(skill);
            size += skill.Bytes.Length;
        }

        pages.Add(page.DrainToImmutable());
        return [.. pages.Select((skills, number) => new RegisterMessage(revision, Digest, number, pages.Count, skills, t0))];
    }

    private static Digest128 DigestOf(ImmutableArray<EncodedSkill> skills)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var skill in skills)
        {
            hash.AppendData(skill.Bytes.Span);
        }

        return Digest128.Of(hash);
    }
}
