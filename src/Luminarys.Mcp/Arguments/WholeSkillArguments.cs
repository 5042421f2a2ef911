using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Luminarys.Mcp.Tools;

namespace Luminarys.Mcp.Arguments;

/// <summary>Arguments of a tool that stands for a whole skill: which method, and the arguments inside.</summary>
internal static class WholeSkillArguments
{
    /// <summary>Finds the method and takes its arguments out; answers false with the problem when either is not there.</summary>
    public static bool TrySplit(
        ToolEntry tool,
        IDictionary<string, JsonElement>? given,
        [NotNullWhen(true)] out ToolMethod? method,
        out IDictionary<string, JsonElement>? arguments,
        [NotNullWhen(false)] out string? problem)
    {
        method = null;
        arguments = null;
        problem = FindUnknown(given) ?? FindMethod(tool, given, out method);
        if (problem is null && given!.TryGetValue(ToolSchema.ArgumentsArgument, out var inner) && inner.ValueKind != JsonValueKind.Null)
        {
            problem = TakeArguments(inner, out arguments);
        }

        method = problem is null ? method : null;
        return problem is null;
    }

    private static string? FindUnknown(IDictionary<string, JsonElement>? given) =>
        given?.Keys.FirstOrDefault(key => key is not (ToolSchema.MethodArgument or ToolSchema.ArgumentsArgument)) is { } unknown
            ? ArgumentEncoder.UnknownParameter(unknown)
            : null;

    private static string? FindMethod(ToolEntry tool, IDictionary<string, JsonElement>? given, out ToolMethod? method)
    {
        method = null;
        if (given is null || !given.TryGetValue(ToolSchema.MethodArgument, out var name) || name.ValueKind == JsonValueKind.Null)
        {
            return $"missing required parameter: {ToolSchema.MethodArgument}";
        }

        method = name.ValueKind == JsonValueKind.String ? tool.Methods.FirstOrDefault(candidate => name.ValueEquals(candidate.Name)) : null;
        if (method is not null)
        {
            return null;
        }

        var known = string.Join(", ", tool.Methods.Select(candidate => candidate.Name));
        return $"invalid parameter {ToolSchema.MethodArgument}: expected one of {known}";
    }

    private static string? TakeArguments(JsonElement inner, out IDictionary<string, JsonElement>? arguments)
    {
        arguments = null;
        if (inner.ValueKind != JsonValueKind.Object)
        {
            return $"invalid parameter {ToolSchema.ArgumentsArgument}: expected an object";
        }

        arguments = new Dictionary<string, JsonElement>(inner.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var member in inner.EnumerateObject())
        {
            arguments[member.Name] = member.Value;
        }

        return null;
    }
}
