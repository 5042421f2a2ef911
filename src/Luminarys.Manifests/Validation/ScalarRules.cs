using System.Globalization;

namespace Luminarys.Manifests.Validation;

/// <summary>Switches, numbers, durations and fixed words.</summary>
internal static class ScalarRules
{
    public static string? Flag(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE";
        return value || text is "false" or "False" or "FALSE" ? null : "is not a switch: write true or false";
    }

    public static ValueRule<int> Integer(int min, int max) => (string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max
            ? null
            : $"is not a whole number from {min} to {max}";

    public static ValueRule<long> LargeInteger(long min, long max) => (string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max
            ? null
            : $"is not a whole number from {min} to {max}";

    public static ValueRule<TimeSpan> Duration(TimeSpan min, TimeSpan max) => (string text, out TimeSpan value) =>
    {
        if (!TryParseDuration(text, out value))
        {
            return "is not a duration: write a number and ms, s, m or h, such as 250ms, 5s or 15m";
        }

        return value >= min && value <= max ? null : $"is out of bounds: from {Show(min)} to {Show(max)}";
    };

    public static ValueRule<T> Choice<T>(params (string Word, T Value)[] choices) => (string text, out T value) =>
    {
        foreach (var choice in choices)
        {
            if (choice.Word == text)
            {
                value = choice.Value;
                return null;
            }
        }

        value = choices[0].Value;
        return $"is not one of {string.Join(", ", choices.Select(choice => choice.Word))}";
    };

    /// <summary>A scope of OAuth 2: visible ASCII without quotes and backslashes, so that a blank separates two and a header holds them.</summary>
    public static string? Scope(string text, out string value)
    {
        value = text;
        return text.Length > 0 && text.All(character => character is > ' ' and <= '~' and not '"' and not '\\') ? null : "is not a scope: write one word for each";
    }

    public static string? AnyText(string text, out string value)
    {
        value = text;
        return null;
    }

    /// <summary>A duration as an operator would write it.</summary>
    public static string Show(TimeSpan duration) => duration.Ticks % TimeSpan.TicksPerMinute == 0
        ? $"{duration.TotalMinutes:0}m"
        : duration.Ticks % TimeSpan.TicksPerSecond == 0 ? $"{duration.TotalSeconds:0}s" : $"{duration.TotalMilliseconds:0}ms";

    private static bool TryParseDuration(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        var (digits, unit) = text switch
        {
            [.. var head, 'm', 's'] => (head, 0.001m),
            [.. var head, 's'] => (head, 1m),
            [.. var head, 'm'] => (head, 60m),
            [.. var head, 'h'] => (head, 3600m),
            _ => (text, 1m),
        };

        // Seven digits cover more than any bound, and keep the product far from the limits of the type.
        if (digits.Length is 0 or > 7
            || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)(number * unit * TimeSpan.TicksPerSecond));
        return true;
    }
}
