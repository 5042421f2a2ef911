namespace Luminarys.Manifests;

/// <summary>One finding in a configuration file or manifest.</summary>
/// <param name="Severity">Warning or error.</param>
/// <param name="File">The file as the operator named it.</param>
/// <param name="Line">Line, counted from 1; 0 when no line is to blame.</param>
/// <param name="Key">Dotted key, such as <c>cluster.node_id</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong and what to do, without secrets.</param>
public sealed record ConfigurationProblem(ConfigurationSeverity Severity, string File, int Line, string Key, string Message)
{
    /// <summary>One line for a person: <c>file:line: error: key: message</c>.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}" : File;
        var subject = Key.Length > 0 ? $"{Key}: " : "";
        return $"{place}: {(Severity == ConfigurationSeverity.Error ? "error" : "warning")}: {subject}{Message}";
    }
}
