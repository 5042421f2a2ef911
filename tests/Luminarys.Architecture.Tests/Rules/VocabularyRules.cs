using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Luminarys.Architecture.Tests.Rules;

/// <summary>Names of types, and the numbers of log events.</summary>
internal static partial class VocabularyRules
{
    private static readonly string[] s_emptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Processor", "Impl"];

    private static readonly (string Project, int First)[] s_ranges =
    [
        ("Luminarys.Cluster", 1000),
        ("Luminarys.Transport.", 2000),
        ("Luminarys.Runtime.", 3000),
        ("Luminarys.Mcp", 4000),
        ("Luminarys.Manifests", 5000),
        ("Luminarys.Hosting", 6000),
    ];

    /// <summary>Type names that end in a word that says nothing.</summary>
    public static IEnumerable<string> EmptyNames(IEnumerable<Type> types) =>
        from type in types
        where !TypeRules.IsGenerated(type)
        let name = type.Name.Split('`')[0]
        from word in s_emptyWords
        where name.EndsWith(word, StringComparison.Ordinal)
        select $"{type.FullName} ends in {word}.";

    /// <summary>The log messages that types declare.</summary>
    public static IEnumerable<LogEvent> LogEvents(string project, IEnumerable<Type> types) =>
        from type in types
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        from attribute in method.GetCustomAttributes<LoggerMessageAttribute>()
        select new LogEvent(project, type.Name, method.Name, attribute.EventId);

    /// <summary>Event ids that are used twice, in whatever projects.</summary>
    public static IEnumerable<string> SharedEventIds(IEnumerable<LogEvent> events) =>
        from logEvent in events
        group logEvent by logEvent.Id into same
        where same.Count() > 1
        select $"Event id {same.Key} is used by {string.Join(" and ", same.Select(logEvent => $"{logEvent.Project} {logEvent.Method}"))}.";

    /// <summary>Event ids outside the thousand of their project.</summary>
    public static IEnumerable<string> EventIdsOutOfRange(IEnumerable<LogEvent> events) =>
        from logEvent in events
        let first = s_ranges.FirstOrDefault(range => logEvent.Project.StartsWith(range.Project, StringComparison.Ordinal)).First
        where first == 0 || logEvent.Id < first || logEvent.Id > first + 999
        select first == 0
            ? $"{logEvent.Project} {logEvent.Method} logs, but its project has no range of event ids."
            : $"{logEvent.Project} {logEvent.Method} has event id {logEvent.Id}, which is not in {first} to {first + 999}.";

    /// <summary>Log messages that are not in the project's one list.</summary>
    public static IEnumerable<string> EventsOutsideLog(IEnumerable<LogEvent> events) =>
        from logEvent in events where logEvent.Type != "Log" select $"{logEvent.Project} {logEvent.Type}.{logEvent.Method} belongs in Log.cs.";

    /// <summary>The same by file: one Log.cs at the project's root, and the attribute nowhere else.</summary>
    public static IEnumerable<string> LogFiles(IEnumerable<SourceFile> files) =>
        from file in files
        let isLog = file.Path == $"src/{file.Project}/Log.cs"
        where !isLog && (file.Path.EndsWith("/Log.cs", StringComparison.Ordinal) || file.Text.Contains("[LoggerMessage", StringComparison.Ordinal))
        select $"{file.Path} is not the project's Log.cs.";

    /// <summary>
    /// Calls of a logger that bypass the source generator. A file that implements <c>ILogger.Log</c> itself may pass on what it was given.
    /// </summary>
    public static IEnumerable<string> DirectLogCalls(IEnumerable<SourceFile> files) =>
        from file in files
        let isLogger = LoggerImplementation().IsMatch(file.Text)
        from line in file.Lines.Index()
        let code = Comment().Replace(line.Item, "")
        where DirectCall().IsMatch(code) && !(isLogger && PassingOn().IsMatch(code))
        select $"{file.Path}:{line.Index + 1}: logs directly; add a method to Log.cs.";

    [GeneratedRegex(@"(?<!\b(Math|MathF|double|float))\??\.Log(Trace|Debug|Information|Warning|Error|Critical)?\s*[(<]")]
    private static partial Regex DirectCall();

    [GeneratedRegex(@"\bvoid\s+(ILogger\.)?Log<\w+>\s*\(")]
    private static partial Regex LoggerImplementation();

    [GeneratedRegex(@"\.Log\s*\([^,]+,\s*eventId,\s*state,\s*exception,\s*formatter\)")]
    private static partial Regex PassingOn();

    [GeneratedRegex(@"^\s*//.*$")]
    private static partial Regex Comment();
}
