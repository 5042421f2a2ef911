using System.Runtime.CompilerServices;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// The registry as tools. The first reader after a change builds the new set, and the tools of a skill are made once for each skill that
/// comes; all other readers take no lock and build nothing.
/// </summary>
internal sealed class ToolCatalog(SkillRegistry registry, IOptions<McpEdgeOptions> options, ILogger<ToolCatalog> logger)
{
    private readonly ConditionalWeakTable<Skill, SkillTools> _bySkill = [];
    private readonly bool _upstreamNames = options.Value.UpstreamToolNames;
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

    private ToolSet Build(RegistrySnapshot snapshot) => new(
        snapshot,
        snapshot.Entries.SelectMany(entry => ToolsOf(entry).Entries),
        (name, entry) => logger.ToolNameCollided(name, entry.Methods[0].Skill.Value));

    private SkillTools ToolsOf(RegistryEntry entry)
    {
        if (!_bySkill.TryGetValue(entry.Skill, out var tools) || tools.Node != entry.Node)
        {
            tools = SkillTools.Of(entry, _upstreamNames, logger);
            _bySkill.AddOrUpdate(entry.Skill, tools);
        }

        return tools;
    }
}
