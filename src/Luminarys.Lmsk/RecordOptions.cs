using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Luminarys.Trust;

namespace Luminarys.Lmsk;

/// <summary>What an operator says of a key.</summary>
internal sealed partial class RecordOptions
{
    private const int MaxName = 100;
    private const int MaxPrefix = 256;
    private const int LastSecond = (24 * 60 * 60) - 1;
    private const string Day = "yyyy-MM-dd";
    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private readonly Option<string?> _name = new("-name", "--name") { Description = "Whose key it is, for people.", HelpName = "TEXT" };

    private readonly Option<string[]> _prefixes = new("-prefix", "--prefix")
    {
        Description = "Packages that it may sign: com.example stands for itself and all below it, '*' for all. May be given more than once.",
        HelpName = "PREFIX",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _from = new("-from", "--from") { Description = "First day or moment at which it may sign, in UTC.", HelpName = "TIME" };
    private readonly Option<string?> _to = new("-to", "--to") { Description = "Last day or moment at which it may sign, in UTC.", HelpName = "TIME" };
    private readonly Option<bool> _delegate = new("-delegate", "--delegate") { Description = "It may vouch for further keys, and revoke." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _name, _prefixes, _from, _to, _delegate })
        {
            command.Add(option);
        }
    }

    /// <summary>The record; null after a line in <paramref name="errors"/>. What is not said comes from the record before, when there is one.</summary>
    public KeyRecord? Read(ParseResult parsed, byte[] publicKey, KeyRecord? before, TextWriter errors)
    {
        var name = parsed.GetValue(_name) ?? before?.Name ?? "";
        string[] prefixes = parsed.GetValue(_prefixes) is { Length: > 0 } given ? given : before is null ? [] : [.. before.Prefixes];
        var (from, to) = (before?.ValidFrom, before?.ValidTo);
        var fault = FindFault(name, prefixes)
            ?? ReadTime(parsed.GetValue(_from), "-from", isEnd: false, ref from)
            ?? ReadTime(parsed.GetValue(_to), "-to", isEnd: true, ref to)
            ?? (to < from ? "-to lies before -from: the key would never be valid" : null);
        if (fault is not null)
        {
            errors.WriteLine(fault);
            return null;
        }

        return new KeyRecord(KeyId.Of(publicKey), name, [.. prefixes.Distinct(StringComparer.Ordinal)])
        {
            PublicKey = publicKey,
            ValidFrom = from,
            ValidTo = to,
            Status = before?.Status ?? KeyStatus.Active,
            IsDelegate = parsed.GetValue(_delegate) || before?.IsDelegate == true,
        };
    }

    /// <summary>Reads a moment: a day stands for its begin or its end. Answers what is wrong; null when nothing is.</summary>
    public static string? ReadTime(string? text, string option, bool isEnd, ref DateTimeOffset? time)
    {
        if (text is null)
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
        {
            time = isEnd ? day.AddSeconds(LastSecond) : day;
            return null;
        }

        var isMoment = DateTimeOffset.TryParseExact(text, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment);
        time = isMoment ? moment : time;
        return isMoment ? null : $"{option}: '{InfoText.Show(text)}' is not a time: write it as 2026-12-31 or 2026-12-31T23:59:59Z";
    }

    private static string? FindFault(string name, string[] prefixes) =>
        name.Length is 0 or > MaxName || name.Any(char.IsControl) ? $"say whose key it is: -name NAME, at most {MaxName} characters"
        : prefixes.Length == 0 ? "say which packages it may sign: -prefix com.example, or -prefix '*' for all"
        : prefixes.FirstOrDefault(prefix => prefix.Length > MaxPrefix || !PrefixForm().IsMatch(prefix)) is { } wrong
            ? $"-prefix: '{InfoText.Show(wrong)}' is not a prefix of package ids: write one such as com.example, or '*' for all packages"
            : null;

    [GeneratedRegex(@"\A(\*|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(\.\*)?)\z")]
    private static partial Regex PrefixForm();
}
