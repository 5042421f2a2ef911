using Luminarys.Manifests.Substitution;
using YamlDotNet.Core;

namespace Luminarys.Manifests.Yaml;

/// <summary>Turns the parser's exceptions into messages for operators.</summary>
internal static class YamlFaultMap
{
    /// <summary>The parser's own words, unless they could repeat part of a value.</summary>
    public static string Describe(YamlException fault, SubstitutedText text)
    {
        var start = (int)Math.Min(fault.Start.Index, text.Text.Length);
        if (text.FindIn(start, (int)Math.Min(fault.End.Index, text.Text.Length), InsertionKind.Value) is { } insertion)
        {
            return $"the file is not valid YAML where the variable {insertion.Variable} is inserted: put quotes around the reference, or check its value";
        }

        var words = fault.Message;
        return words.AsSpan().ContainsAny("'\"`") ? "the file is not valid YAML" : $"the file is not valid YAML: {char.ToLowerInvariant(words[0])}{words[1..].TrimEnd('.')}";
    }

    /// <summary>Exceptions that the parser throws on hostile text instead of its own kind.</summary>
    public static bool IsParserDefect(Exception fault) =>
        fault is ArgumentException or FormatException or InvalidOperationException or OverflowException or IndexOutOfRangeException;
}
