using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Skills.Packages;

/// <summary>
/// A version such as <c>1.2.0</c> or <c>v2.0.0-rc.1+build.5</c>, ordered as semantic versions are: a pre-release stands before its release, and what follows
/// a plus does not count. One to four numbers; those left out are zero.
/// </summary>
internal sealed class SemanticVersion : IComparable<SemanticVersion>
{
    private const int MaxNumbers = 4;

    private readonly string[] _numbers;
    private readonly string[] _preRelease;

    private SemanticVersion(string[] numbers, string[] preRelease)
    {
        _numbers = numbers;
        _preRelease = preRelease;
    }

    /// <summary>Reads a version; answers false for a text that has no order.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        var counted = text.Split('+', 2)[0];
        var parts = counted.Split('-', 2);
        var numbers = parts[0].TrimStart('v').Split('.');
        string[] preRelease = parts.Length == 1 ? [] : parts[1].Split('.');
        if (numbers.Length > MaxNumbers || !numbers.All(IsNumber) || !preRelease.All(IsIdentifier))
        {
            return false;
        }

        version = new(numbers, preRelease);
        return true;
    }

    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (var index = 0; index < MaxNumbers; index++)
        {
            if (CompareNumbers(_numbers.ElementAtOrDefault(index) ?? "0", other._numbers.ElementAtOrDefault(index) ?? "0") is not 0 and var order)
            {
                return order;
            }
        }

        return _preRelease.Length == 0 || other._preRelease.Length == 0
            ? other._preRelease.Length.CompareTo(_preRelease.Length)
            : ComparePreReleases(_preRelease, other._preRelease);
    }

    private static int ComparePreReleases(string[] left, string[] right)
    {
        foreach (var (one, two) in left.Zip(right))
        {
            var order = (IsNumber(one), IsNumber(two)) switch
            {
                (true, true) => CompareNumbers(one, two),
                (false, false) => string.CompareOrdinal(one, two),
                (true, false) => -1,
                _ => 1,
            };
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    // As text: a number may be longer than any integer type holds.
    private static int CompareNumbers(string left, string right)
    {
        var (one, two) = (left.TrimStart('0'), right.TrimStart('0'));
        return one.Length != two.Length ? one.Length.CompareTo(two.Length) : string.CompareOrdinal(one, two);
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static bool IsIdentifier(string text) => text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}
