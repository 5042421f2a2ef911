using System.Globalization;
using Luminarys.Transfers;

namespace Luminarys.Cli.Transfers;

/// <summary>Amounts and times as people read them.</summary>
internal static class TransferText
{
    private const double Step = 1024;
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>An amount of bytes, with three digits or so.</summary>
    public static string Bytes(long bytes)
    {
        var (amount, unit) = ((double)bytes, 0);
        for (; amount >= Step && unit < s_units.Length - 1; unit++)
        {
            amount /= Step;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || amount >= 100 ? Math.Floor(amount) : Math.Floor(amount * 10) / 10)} {s_units[unit]}");
    }

    /// <summary>Hours, minutes and seconds, rounded up.</summary>
    public static string Time(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds >= 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}");
    }

    /// <summary>Hundredths that were sent; of an empty file all of them, as soon as it runs.</summary>
    public static int Percent(TransferProgress progress) =>
        progress.IsDone ? 100 : progress.Length > 0 ? (int)(progress.Sent * 100.0 / progress.Length) : 0;

    /// <summary>How much of how much, how fast and for how long yet.</summary>
    public static string Amounts(TransferProgress progress)
    {
        var rate = progress.Rate > 0 ? $", {Bytes(progress.Rate)}/s" : "";
        var left = progress.Remaining is { } remaining ? $", {Time(remaining)} left" : "";
        return $"{Percent(progress),3} %, {Bytes(progress.Sent)} of {Bytes(progress.Length)}{rate}{left}";
    }
}
