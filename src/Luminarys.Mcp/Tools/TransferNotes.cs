using System.Globalization;
using Luminarys.Transfers;
using ModelContextProtocol;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// Makes of what is known of a call's files the progress of that call: bytes of all of them together, which only grow, as the protocol wants it. Used by one thread at
/// a time.
/// </summary>
/// <param name="send">Sends a note to the client.</param>
internal sealed class TransferNotes(Func<ProgressNotificationValue, Task> send)
{
    private readonly Dictionary<UInt128, TransferProgress> _files = [];
    private Task _sending = Task.CompletedTask;
    private double _last = -1;

    /// <summary>Takes news of a file. What comes while a note is on its way is left out, but for ends.</summary>
    public void Take(TransferProgress news)
    {
        // Another attempt may begin before where the last one broke.
        var known = _files.GetValueOrDefault(news.Id);
        _files[news.Id] = known?.Sent > news.Sent ? news with { Sent = known.Sent } : news;
        var sent = (double)_files.Values.Sum(file => file.Sent);
        if (sent <= _last || (!_sending.IsCompleted && !news.IsDone))
        {
            return;
        }

        _last = sent;
        _sending = SendAsync(_sending, new() { Progress = (float)sent, Total = _files.Values.Sum(file => file.Length), Message = Describe(news) });
    }

    private static string Describe(TransferProgress news)
    {
        var rate = news.Rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", {news.Rate} bytes/s") : "";
        var left = news.Remaining is { } remaining ? string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(remaining.TotalSeconds)} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{news.Source} to {news.Destination}: {news.Sent} of {news.Length} bytes{rate}{left}");
    }

    private async Task SendAsync(Task before, ProgressNotificationValue note)
    {
        await before.ConfigureAwait(false);
        try
        {
            await send(note).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The client has left, or the call has ended meanwhile: nobody waits for the note.
            _last = double.MaxValue;
        }
    }
}
