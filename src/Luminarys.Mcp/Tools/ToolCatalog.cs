using System.Runtime.CompilerServices;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// The registry as tools. The first reader after a change builds the new set, and the tools of a skill are made once for each skill that
/// comes; all other readers take no lock and build nothing.
/// </summary>
internal sealed class ToolCatalog(SkillRegistry registry, ToolPins pins, IOptions<McpEdgeOptions> options, ILogger<ToolCatalog> logger)
{
    private readonly ConditionalWeakTable<Skill, SkillTools> _bySkill = [];
    private readonly ConditionalWeakTable<Skill, SkillTools> _qualified = [];
    private readonly bool _upstreamNames = options.Value.UpstreamToolNames;
    private readonly bool _hasQualified = options.Value.QualifiedToolNames;
    private ToolSet _current = ToolSet.Empty;

    /// <summary>The tools of the registry's newest snapshot.</summary>
    public ToolSet Current
    {
        get
        {
            var snapshot = registry.Current;
            var current = Volatile.Read(ref _current);
            if (ReferenceEquals(current.Source, snapshot))
            {
                return current;
            }

            // Two readers may build the same set; either is right, and a lost race is repaired by the next reader.
            var next = Build(snapshot);
            Interlocked.CompareExchange(ref _current, next, current);
            return next;
        }
    }

    private ToolSet Build(RegistrySnapshot snapshot)
    {
        var plain = snapshot.Entries.SelectMany(entry => ToolsOf(entry, null, _bySkill).Entries);
        if (!_hasQualified)
        {
            return new(snapshot, pins.Admit(plain), OnCollision);
        }

        var qualified = snapshot.Entries.Concat(snapshot.Replicas).SelectMany(entry => ToolsOf(entry, entry.Node, _qualified).Entries).ToList();

        // The names of nodes are the operator's, those of skills and methods the package's: a package does not pass for a skill of another node.
        var taken = qualified.SelectMany(entry => entry.Aliases).ToHashSet(StringComparer.Ordinal);
        return new(snapshot, pins.Admit(plain.Where(entry => IsFree(entry, taken)).Concat(qualified)), OnCollision);
    }

    private bool IsFree(ToolEntry entry, HashSet<string> taken)
    {
        if (entry.Aliases.FirstOrDefault(taken.Contains) is not { } name)
        {
            return true;
        }

        OnCollision(name, entry);
        return false;
    }

    private void OnCollision(string name, ToolEntry entry) => logger.ToolNameCollided(name, entry.Methods[0].Skill.Value);

    private SkillTools ToolsOf(RegistryEntry entry, NodeId? only, ConditionalWeakTable<Skill, SkillTools> known)
    {
        if (!known.TryGetValue(entry.Skill, out var tools) || tools.Node != entry.Node)
        {
            tools = SkillTools.Of(entry, only, _upstreamNames, logger);
            known.AddOrUpdate(entry.Skill, tools);
        }

        return tools;
    }
}
