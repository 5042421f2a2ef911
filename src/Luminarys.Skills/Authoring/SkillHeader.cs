using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Luminarys.Skills.Authoring;

/// <summary>Skill-level annotations.</summary>
internal sealed partial class SkillHeader
{
    private const string DefaultSdk = "@luminarys/sdk-as";

    private readonly Dictionary<string, (string Value, int Line)> _values = new(StringComparer.Ordinal);
    private readonly List<SkillRequirement> _requirements = [];

    public void Take(Annotation annotation, ProblemLog problems)
    {
        if (annotation.Tag == "require")
        {
            TakeRequirement(annotation, problems);
            return;
        }

        var isQuoted = annotation.Tag is "name" or "desc" or "sdk";
        var value = annotation.Rest;
        if (isQuoted && (!QuotedText.TryRead(annotation.Rest, out value, out var rest) || rest.Length > 0))
        {
            problems.Error(annotation.Line, $"@skill:{annotation.Tag} needs one text in double quotes, such as @skill:{annotation.Tag} \"Text\"");
        }
        else if (FindFault(annotation.Tag, value) is { } fault)
        {
            problems.Error(annotation.Line, fault);
        }
        else if (!_values.TryAdd(annotation.Tag, (value, annotation.Line)))
        {
            problems.Error(annotation.Line, $"@skill:{annotation.Tag} is there already, on line {_values[annotation.Tag].Line}; remove one of the two");
        }
        else
        {
            return;
        }

        // Said once: what is there but wrong is not also missing.
        _values.TryAdd(annotation.Tag, ("", annotation.Line));
    }

    public void Check(ProblemLog problems)
    {
        Require("id", "@skill:id com.example.tool", problems);
        Require("name", "@skill:name \"Tool\"", problems);
        Require("version", "@skill:version 1.0.0", problems);
    }

    public AuthoredSkill ToSkill(ImmutableArray<AuthoredMethod> methods) => new(
        Get("id"), Get("name"), Get("version"), Get("desc"), _values.ContainsKey("sdk") ? Get("sdk") : DefaultSdk, [.. _requirements], methods);

    private string Get(string tag) => _values.GetValueOrDefault(tag).Value ?? "";

    private void Require(string tag, string form, ProblemLog problems)
    {
        if (!_values.ContainsKey(tag))
        {
            problems.Error(1, $"@skill:{tag} is missing: write {form} in the comment at the top");
        }
    }

    private static string? FindFault(string tag, string value) => tag switch
    {
        "id" when !PackageIdForm().IsMatch(value) || value.Length > 128 =>
            $"'{value}' is not a skill id: use at least three parts of lower-case letters, digits and inner hyphens, such as com.example.tool, at most 128 characters",
        "version" when !VersionForm().IsMatch(value) => $"'{value}' is not a version: write three numbers, such as 1.0.0",
        "name" when value.Length == 0 => "@skill:name is empty; write @skill:name \"Tool\"",
        _ => null,
    };

    private void TakeRequirement(Annotation annotation, ProblemLog problems)
    {
        var blank = annotation.Rest.IndexOf(' ', StringComparison.Ordinal);
        var kind = blank < 0 ? annotation.Rest : annotation.Rest[..blank];
        var pattern = blank < 0 ? "" : annotation.Rest[blank..].Trim();
        if (kind is not ("fs" or "http" or "tcp" or "ws" or "shell" or "llm" or "env" or "invoke"))
        {
            problems.Error(annotation.Line, $"'{kind}' is not a capability: use fs, http, tcp, ws, shell, llm, env or invoke");
            return;
        }

        var mode = "";
        if (kind == "fs" && ModeForm().Match(pattern) is { Success: true } match)
        {
            mode = match.Groups[1].Value;
            pattern = pattern[..match.Index];
        }

        if (pattern.Length == 0 && kind != "llm")
        {
            problems.Error(annotation.Line, $"@skill:require {kind} needs a pattern, such as @skill:require {kind} {Example(kind)}");
            return;
        }

        _requirements.Add(new(kind, pattern, mode));
    }

    private static string Example(string kind) => kind switch
    {
        "fs" => "/data rw",
        "http" or "ws" => "https://api.example.com/**",
        "tcp" => "redis.internal:6379",
        "shell" => "git **",
        "env" => "API_KEY",
        _ => "other-skill",
    };

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?){2,}\z")]
    private static partial Regex PackageIdForm();

    [GeneratedRegex(@"\A[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}\z")]
    private static partial Regex VersionForm();

    [GeneratedRegex("[ :](ro|rw)$")]
    private static partial Regex ModeForm();
}
