using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// A regular expression from a guest, in RE2's syntax, on the engine that takes time linear to the text. Linear is not cheap, so everything is
/// bounded as well: pattern, repetitions, each step, and all steps of a call together. Immutable and thread-safe.
/// </summary>
/// <remarks>Two departures: a character above U+FFFF counts as two for <c>.</c> and negated classes, and <c>\b</c> knows the letters of all scripts.</remarks>
internal sealed class GuestRegex
{
    /// <summary>Longest pattern, in UTF-16 units.</summary>
    public const int MaxPattern = 1024;

    /// <summary>Longest line that is matched, in UTF-8 bytes; callers cut longer ones.</summary>
    public const int MaxLine = 64 * 1024;

    /// <summary>Longest step of matching.</summary>
    public static readonly TimeSpan MaxStep = TimeSpan.FromMilliseconds(250);

    private static readonly string s_stepFault = Timeout(MaxStep);
    private static readonly string s_callFault = Timeout(MatchBudget.Total);

    private readonly Regex _regex;

    private GuestRegex(Regex regex) => _regex = regex;

    /// <summary>Compiles a pattern, or answers in <paramref name="fault"/> what the guest is told.</summary>
    /// <param name="argument">Name of the request's field, for the fault.</param>
    /// <param name="pattern">The guest's pattern.</param>
    /// <param name="ignoreCase">Whether case makes no difference.</param>
    /// <param name="isLiteral">Whether the pattern is searched as it is.</param>
    /// <param name="defences">All, but in tests.</param>
    /// <param name="regex">The result.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool TryParse(
        string argument,
        string pattern,
        bool ignoreCase,
        bool isLiteral,
        RegexDefences defences,
        [NotNullWhen(true)] out GuestRegex? regex,
        [NotNullWhen(false)] out string? fault)
    {
        regex = null;
        if (pattern.Length > MaxPattern)
        {
            fault = $"invalid argument: {argument}: longer than {MaxPattern} characters";
            return false;
        }

        string? expression = null;
        if (isLiteral)
        {
            expression = Regex.Escape(pattern);
        }
        else if (new Re2Writer(pattern, ignoreCase, defences).Write(out expression) is { } refusal)
        {
            fault = refusal.IsUnsupported ? $"pattern unsupported: {refusal.Reason}" : $"invalid argument: {argument}: {refusal.Reason}";
            return false;
        }

        return TryCompile(argument, expression!, ignoreCase, defences, out regex, out fault);
    }

    /// <summary>Finds whether a line has a match; answers what the guest is told when the time is used up.</summary>
    public string? FindAny(ReadOnlySpan<char> line, MatchBudget budget, out bool isMatch)
    {
        isMatch = false;
        try
        {
            budget.Begin();
            isMatch = _regex.IsMatch(line);
            return budget.TryGoOn() ? null : s_callFault;
        }
        catch (RegexMatchTimeoutException)
        {
            return s_stepFault;
        }
    }

    /// <summary>
    /// Finds all matches of a line that do not overlap, up to a number; answers what the guest is told when the time is used up. An empty match directly
    /// behind another one does not count.
    /// </summary>
    public string? FindAll(ReadOnlySpan<char> line, MatchBudget budget, int most, List<(int Start, int End)> found)
    {
        try
        {
            budget.Begin();
            var end = -1;
            foreach (var match in _regex.EnumerateMatches(line))
            {
                if (!budget.TryGoOn())
                {
                    return s_callFault;
                }

                if (match.Length > 0 || match.Index != end)
                {
                    found.Add((match.Index, match.Index + match.Length));
                }

                end = match.Index + match.Length;
                if (found.Count >= most)
                {
                    return null;
                }
            }

            return budget.TryGoOn() ? null : s_callFault;
        }
        catch (RegexMatchTimeoutException)
        {
            return s_stepFault;
        }
    }

    private static bool TryCompile(
        string argument, string expression, bool ignoreCase, RegexDefences defences, [NotNullWhen(true)] out GuestRegex? regex, [NotNullWhen(false)] out string? fault)
    {
        regex = null;
        fault = null;
        var options = RegexOptions.CultureInvariant
            | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)
            | (defences.Linear ? RegexOptions.NonBacktracking : RegexOptions.None);
        try
        {
            regex = new(new Regex(expression, options, defences.StepLimit ? MaxStep : Regex.InfiniteMatchTimeout));
            return true;
        }
        catch (NotSupportedException)
        {
            fault = "pattern unsupported: it is too large to be matched in linear time";
            return false;
        }
        catch (ArgumentException)
        {
            fault = $"invalid argument: {argument}: it is not a regular expression";
            return false;
        }
    }

    private static string Timeout(TimeSpan limit) =>
        string.Create(CultureInfo.InvariantCulture, $"timeout after {limit.TotalMilliseconds:0} ms: the pattern is too slow for this text");
}
