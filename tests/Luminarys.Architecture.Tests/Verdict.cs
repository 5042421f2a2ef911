namespace Luminarys.Architecture.Tests;

/// <summary>How a rule is asserted: every rule answers the list of its violations.</summary>
internal static class Verdict
{
    /// <summary>Fails with every violation, so that one run is enough to fix them all.</summary>
    public static void Holds(IEnumerable<string> violations)
    {
        var found = violations.ToArray();
        Assert.True(found.Length == 0, string.Join(Environment.NewLine, found));
    }

    /// <summary>Fails unless the rule found exactly one violation per expected fragment, in that order.</summary>
    public static void Catches(IEnumerable<string> violations, params string[] fragments)
    {
        var found = violations.ToArray();
        Assert.Equal(fragments.Length, found.Length);
        Assert.All(fragments.Zip(found), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }
}
