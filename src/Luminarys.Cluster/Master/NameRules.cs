using System.Collections.Immutable;
using Luminarys.Events;
using Luminarys.Nodes;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Cluster.Master;

/// <summary>What the operator says about skill ids: which node may offer which, whose packages count, and what happens to an id that several nodes offer.</summary>
internal sealed class NameRules
{
    private readonly Dictionary<NodeId, ImmutableArray<Glob>> _accept;
    private readonly ClusterDefences _defences;
    private volatile SignerCheck? _signers;

    /// <param name="duplicates">What happens to an id that several nodes offer.</param>
    /// <param name="accept">Patterns of the ids that a node may offer; a node that is not listed may offer any. What is no pattern accepts nothing.</param>
    /// <param name="needsSigner">Whether packages of other nodes must be signed with a known key. Until <see cref="Trust"/> is called none is.</param>
    /// <param name="defences">All but in tests.</param>
    public NameRules(
        DuplicateRule duplicates, IReadOnlyDictionary<NodeId, ImmutableArray<string>> accept, bool needsSigner, ClusterDefences? defences = null)
    {
        Duplicates = duplicates;
        _accept = accept.ToDictionary(pair => pair.Key, pair => Compile(pair.Value));
        _signers = needsSigner ? static (_, _) => false : null;
        _defences = defences ?? ClusterDefences.All;
    }

    /// <summary>Every node may offer everything; the first owner serves.</summary>
    public static NameRules Open { get; } = new(DuplicateRule.StickyFailover, ImmutableDictionary<NodeId, ImmutableArray<string>>.Empty, needsSigner: false);

    /// <summary>What happens to an id that several nodes offer.</summary>
    public DuplicateRule Duplicates { get; }

    /// <summary>Whether packages of other nodes must be signed with a known key.</summary>
    public bool NeedsSigner => _signers is not null;

    /// <summary>Whose packages count from now on.</summary>
    public void Trust(SignerCheck signers) => _signers = NeedsSigner ? signers : null;

    /// <summary>Why another node may not offer the skill; null when it may.</summary>
    public SkillRefusal? FindRefusal(NodeId node, Skill skill)
    {
        if (_defences.AcceptLists && _accept.TryGetValue(node, out var patterns) && !patterns.Any(pattern => pattern.IsMatch(skill.Id.Value)))
        {
            return SkillRefusal.NotAccepted;
        }

        return _defences.KnownSigners && _signers is { } signers && !(skill.Signer is { } signer && signers(signer, skill.Descriptor.Package))
            ? SkillRefusal.UnknownSigner
            : null;
    }

    private static ImmutableArray<Glob> Compile(ImmutableArray<string> patterns)
    {
        var globs = ImmutableArray.CreateBuilder<Glob>();
        foreach (var text in patterns)
        {
            if (Glob.TryParse(text, ignoreCase: false, out var glob, out _))
            {
                globs.Add(glob);
            }
        }

        return globs.DrainToImmutable();
    }
}
