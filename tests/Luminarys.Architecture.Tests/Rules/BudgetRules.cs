using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Luminarys.Architecture.Tests.Rules;

/// <summary>Limits of size, and constructs that we do without.</summary>
internal static partial class BudgetRules
{
    public const int MaxLines = 400;
    public const int MaxParameters = 6;

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Files that nobody reads in one go.</summary>
    public static IEnumerable<string> LongFiles(IEnumerable<SourceFile> files) =>
        from file in files where file.Lines.Length > MaxLines select $"{file.Path} has {file.Lines.Length} lines; at most {MaxLines}.";

    /// <summary>
    /// Constructors with too many parameters: too many collaborators. The positional form of a record of values is not one of them, since its
    /// parameters are named fields; a record that takes a collaborator (a clock, a delegate, an interface other than a collection's) is judged as a class.
    /// </summary>
    public static IEnumerable<string> WideConstructors(IEnumerable<Type> types) =>
        from type in types
        where !TypeRules.IsGenerated(type)
        from constructor in type.GetConstructors(Declared)
        let parameters = constructor.GetParameters()
        where parameters.Length > MaxParameters && !(IsRecord(type) && parameters.All(IsValue))
        select $"{type.FullName} has a constructor of {parameters.Length} parameters; at most {MaxParameters}.";

    /// <summary>Methods, local functions and lambdas whose failure nobody can await.</summary>
    public static IEnumerable<string> AsyncVoid(IEnumerable<Type> types) =>
        from type in types
        from method in type.GetMethods(Declared)
        where method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false)
        select $"{type.FullName}.{method.Name} is async void.";

    /// <summary>Lines that hide, postpone or silence something.</summary>
    public static IEnumerable<string> ForbiddenLines(IEnumerable<SourceFile> files) =>
        from file in files
        from line in file.Lines.Index()
        let reason = ReasonAgainst(line.Item)
        where reason is not null
        select $"{file.Path}:{line.Index + 1}: {reason}";

    private static string? ReasonAgainst(string line) =>
        Region().IsMatch(line) ? "#region hides code; make a type or a file."
        : Pragma().IsMatch(line) && !PragmaWithReason().IsMatch(line) ? "#pragma warning disable needs rule ids and, on the line, a comment that says why."
        : ToDo().IsMatch(line) ? "Unfinished work belongs in an issue."
        : Suppress().IsMatch(line) && !line.Contains("Justification = \"", StringComparison.Ordinal) ? "SuppressMessage needs a justification on the line."
        : null;

    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", Declared, [typeof(System.Text.StringBuilder)])?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) == true;

    private static bool IsValue(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return !typeof(Delegate).IsAssignableFrom(type)
            && !typeof(TimeProvider).IsAssignableFrom(type)
            && !(type.IsInterface && type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) != true);
    }

    [GeneratedRegex(@"^\s*#\s*(end)?region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"^\s*#\s*pragma\s+warning\s+disable\b")]
    private static partial Regex Pragma();

    [GeneratedRegex(@"^\s*#\s*pragma\s+warning\s+disable\s+\w+(\s*,\s*\w+)*\s*//\s*\S+\s+\S+")]
    private static partial Regex PragmaWithReason();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex ToDo();

    [GeneratedRegex(@"\[.*\bSuppressMessage(Attribute)?\s*\(")]
    private static partial Regex Suppress();
}
