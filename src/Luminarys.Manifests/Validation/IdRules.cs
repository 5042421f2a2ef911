using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Manifests.Validation;

/// <summary>Names of nodes, clusters, skills and methods.</summary>
internal static class IdRules
{
    private const string SubjectAlphabet = "use 1 to 63 letters, digits, '_' or '-'";

    /// <summary>Names that begin with this belong to operators' own connections.</summary>
    private const string OperatorPrefix = "op-";

    public static string? Cluster(string text, out ClusterId value) =>
        ClusterId.TryParse(text, out value) ? null : $"is not a cluster id: {SubjectAlphabet}";

    public static string? Node(string text, out NodeId value) =>
        NodeOrOperator(text, out value) is { } complaint ? complaint
        : text.StartsWith(OperatorPrefix, StringComparison.Ordinal) ? $"is reserved: node ids that begin with '{OperatorPrefix}' belong to operator commands"
        : null;

    /// <summary>The name of a node, or of an operator.</summary>
    public static string? NodeOrOperator(string text, out NodeId value) =>
        NodeId.TryParse(text, out value) ? null : $"is not a node id: {SubjectAlphabet}";

    public static string? Skill(string text, out SkillId value) =>
        SkillId.TryParse(text, out value) ? null : "is not a skill id: use a letter, then up to 63 letters, digits or '-'";

    /// <summary>A node id or <c>*</c>.</summary>
    public static string? NodeOrAny(string text, out string value)
    {
        value = text;
        return text == "*" || NodeId.TryParse(text, out _) ? null : $"is neither '*' nor a node id: {SubjectAlphabet}";
    }

    /// <summary>A pattern for skill ids.</summary>
    public static string? SkillPattern(string text, out string value)
    {
        value = text;
        return text.Any(character => !char.IsAsciiLetterOrDigit(character) && !"-*?[]{},!^\\".Contains(character, StringComparison.Ordinal))
            ? "is neither a skill id nor a pattern for skill ids"
            : GlobRules.Pattern(text, out value);
    }

    public static string? Method(string text, out string value)
    {
        value = text;
        return text.Length is 0 or > 128 || text.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('_' or '-' or '.'))
            ? "is not a method name: use letters, digits, '_', '-' or '.'"
            : null;
    }

    /// <summary>Name of an environment variable.</summary>
    public static string? Variable(string text, out string value)
    {
        value = text;
        return text.Length == 0 || text.Any(character => char.IsControl(character) || character == '=')
            ? "is not a variable name"
            : null;
    }
}
