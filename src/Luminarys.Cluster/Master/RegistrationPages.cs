using System.Collections.Immutable;
using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Master;

/// <summary>Collects the pages of one skill list, which come in order.</summary>
internal sealed class RegistrationPages(RegisterMessage first)
{
    private const int MaxPages = 64;
    private readonly ImmutableArray<EncodedSkill>.Builder _skills = ImmutableArray.CreateBuilder<EncodedSkill>();
    private int _next;

    /// <summary>Whether the last page was taken.</summary>
    public bool IsComplete => _next == first.Pages;

    /// <summary>The skills of all pages taken so far.</summary>
    public ImmutableArray<EncodedSkill> Skills => _skills.ToImmutable();

    /// <summary>Takes a page; false when it is not the next one of the same list.</summary>
    public bool TryAdd(RegisterMessage page)
    {
        if (page.RegistrationRevision != first.RegistrationRevision || page.Digest != first.Digest || page.Pages != first.Pages
            || page.Page != _next || page.Pages is < 1 or > MaxPages)
        {
            return false;
        }

        _skills.AddRange(page.Skills);
        _next++;
        return true;
    }
}
