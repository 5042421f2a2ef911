using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Luminarys.Manifests;
using Luminarys.Mcp.Arguments;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>One skill → its tools: one per shown method, or one for them all.</summary>
internal sealed class SkillTools
{
    private const int MaxParameterNameLength = 128;

    private SkillTools(NodeId node, ImmutableArray<ToolEntry> entries) => (Node, Entries) = (node, entries);

    /// <summary>The node that the definitions name.</summary>
    public NodeId Node { get; }

    public ImmutableArray<ToolEntry> Entries { get; }

    /// <summary>Makes the tools; what cannot be published is logged and left out.</summary>
    /// <param name="entry">The skill and its node.</param>
    /// <param name="only">The node that their names and their calls are bound to; null for none.</param>
    /// <param name="upstreamNames">Whether they are published under the names of the published documentation.</param>
    /// <param name="logger">Takes what was left out.</param>
    public static SkillTools Of(RegistryEntry entry, NodeId? only, bool upstreamNames, ILogger logger)
    {
        var skill = entry.Skill;
        var methods = skill.Descriptor.Methods
            .Where(method => skill.IsExposed(method) && IsPublishable(skill, new(skill.Id, method.Name, only), method, logger)).ToList();
        return skill.Mcp.Kind == McpMappingKind.PerSkill
            ? new(entry.Node, methods.Count == 0 ? [] : [OfSkill(entry, only, methods, logger)])
            : new(entry.Node, [.. methods.Select(method => OfMethod(entry, new(skill.Id, method.Name, only), method, upstreamNames, logger))]);
    }

    private static bool IsPublishable(Skill skill, ToolName name, SkillMethod method, ILogger logger)
    {
        var problem = name.FindProblem() ?? FindProblem(method.Parameters);
        if (problem is not null)
        {
            logger.ToolRefused(skill.Id.Value, ToolText.Clean(method.Name), problem);
        }

        return problem is null;
    }

    private static string? FindProblem(ImmutableArray<SkillParameter> parameters)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            if (parameter.Name.Length is 0 or > MaxParameterNameLength || ToolText.Clean(parameter.Name) != parameter.Name)
            {
                return "a parameter's name is empty, too long or holds invisible characters";
            }

            if (!names.Add(parameter.Name))
            {
                return $"parameter {parameter.Name} is declared twice";
            }
        }

        return null;
    }

    private static ToolEntry OfMethod(RegistryEntry entry, ToolName name, SkillMethod method, bool upstreamNames, ILogger logger)
    {
        var skill = entry.Skill;
        var published = upstreamNames ? name.Upstream : name.Portable;
        if (published.Length > ToolName.SafeLength)
        {
            logger.ToolNameLong(published, published.Length, ToolName.SafeLength);
        }

        var settings = skill.MethodSettings.GetValueOrDefault(method.Name);
        var definition = new Tool
        {
            Name = published,
            Title = ToolText.CleanDescription((settings?.Title ?? $"{DisplayName(skill)}: {method.Name}") + PlaceOf(name.Node)),
            Annotations = ToolHints.Of([settings]),
            Description = ToolText.CleanDescription(method.Description),
            InputSchema = ToolSchema.OfMethod(method.Parameters),
            Meta = MetaOf(entry),
        };
        return new(definition, [name.Portable, name.Upstream], [Prepare(name, method, published, logger)], IsWholeSkill: false) { Package = skill.Digest.ToString(), Scopes = skill.Mcp.Scopes };
    }

    private static ToolEntry OfSkill(RegistryEntry entry, NodeId? only, List<SkillMethod> methods, ILogger logger)
    {
        var skill = entry.Skill;
        var name = only is { } node ? $"{node.Value}__{skill.Id.Value}" : skill.Id.Value;
        var definition = new Tool
        {
            Name = name,
            Title = ToolText.CleanDescription(DisplayName(skill) + PlaceOf(only)),
            Annotations = ToolHints.Of([.. methods.Select(method => skill.MethodSettings.GetValueOrDefault(method.Name))]),
            Description = ToolText.CleanDescription(Describe(skill, methods)),
            InputSchema = ToolSchema.OfSkill(methods.Select(method => method.Name)),
            Meta = MetaOf(entry),
        };
        return new(definition, [name], [.. methods.Select(method => Prepare(new(skill.Id, method.Name, only), method, name, logger))], IsWholeSkill: true) { Package = skill.Digest.ToString(), Scopes = skill.Mcp.Scopes };
    }

    /// <summary>Names do not tell the node of a skill; this does, for operators. It is not part of what a model reads.</summary>
    private static JsonObject MetaOf(RegistryEntry entry) => new() { [ToolResultMapper.NodeKey] = entry.Node.Value };

    private static string PlaceOf(NodeId? only) => only is { } node ? $" (on {node.Value})" : "";

    private static ToolMethod Prepare(ToolName name, SkillMethod method, string tool, ILogger logger)
    {
        var parameters = ImmutableArray.CreateBuilder<ToolParameter>(method.Parameters.Length);
        foreach (var declared in method.Parameters)
        {
            parameters.Add(ArgumentEncoder.Prepare(declared, out var problem));
            if (problem is not null)
            {
                logger.DefaultIgnored(declared.Name, tool, problem);
            }
        }

        return new(name.Skill, method.Name, parameters.MoveToImmutable()) { Node = name.Node };
    }

    private static string Describe(Skill skill, List<SkillMethod> methods)
    {
        var text = new StringBuilder(skill.Description).Append("\n\nMethods:");
        foreach (var method in methods)
        {
            var parameters = method.Parameters.Select(parameter => parameter.IsRequired ? $"{parameter.Name} (required)" : parameter.Name);
            text.Append("\n- ").Append(method.Name).Append('(').AppendJoin(", ", parameters).Append(')');
            if (!string.IsNullOrEmpty(method.Description))
            {
                text.Append(": ").Append(method.Description);
            }
        }

        return text.ToString();
    }

    private static string DisplayName(Skill skill) =>
        string.IsNullOrEmpty(skill.Descriptor.Name) ? skill.Id.Value : skill.Descriptor.Name;
}
