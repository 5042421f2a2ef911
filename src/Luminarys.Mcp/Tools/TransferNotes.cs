using System.Globalization;
using Luminarys.Invocations;
using Luminarys.Transfers;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// Makes of what is known of a call's files the progress of that call: bytes of all of them together, which only grow, as the protocol wants it. Used by one thread at
/// a time.
/// </summary>
/// <param name="progress">Told of it.</param>
internal sealed class TransferNotes(IProgress<CallProgress> progress)
{
    private readonly Dictionary<UInt128, TransferProgress> _files = [];
    private double _last = -1;

    /// <summary>Takes news of a file.</summary>
    public void Take(TransferProgress news)
    {
        // Another attempt may begin before where the last one broke.
        var known = _files.GetValueOrDefault(news.Id);
        _files[news.Id] = known?.Sent > news.Sent ? news with { Sent = known.Sent } : news;
        var sent = (double)_files.Values.Sum(file => file.Sent);
        if (sent > _last)
        {
            _last = sent;
            progress.Report(new(sent, _files.Values.Sum(file => file.Length), Describe(news)));
        }
    }

    private static string Describe(TransferProgress news)
    {
        var rate = news.Rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", {news.Rate} bytes/s") : "";
        var left = news.Remaining is { } remaining ? string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(remaining.TotalSeconds)} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{news.Source} to {news.Destination}: {news.Sent} of {news.Length} bytes{rate}{left}");
    }
}
