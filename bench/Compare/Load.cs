using System.Diagnostics;

namespace Compare;

/// <summary>What one round of calls gave.</summary>
/// <param name="PerSecond">Calls in a second.</param>
/// <param name="Median">Microseconds of a call.</param>
/// <param name="Processor">Microseconds of processor time of the server for each call.</param>
internal readonly record struct Load(double PerSecond, double Median, double Processor)
{
    public static async Task<Load> MeasureAsync(Peer peer, string protocol, int connections, TimeSpan duration)
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => RawClient.OpenAsync(peer, protocol)));
        var (begin, processor) = (Stopwatch.GetTimestamp(), peer.Processor());
        var times = await Task.WhenAll(clients.Select(client => CallAsync(client, begin, duration)));
        var elapsed = Stopwatch.GetElapsedTime(begin);
        processor = peer.Processor() - processor;
        foreach (var client in clients)
        {
            client.Dispose();
        }

        var all = times.SelectMany(time => time).Order().ToList();
        return new(all.Count / elapsed.TotalSeconds, all[all.Count / 2], processor.TotalMicroseconds / all.Count);
    }

    /// <summary>Lists the tools again and again; answers how many there are, and the median in microseconds.</summary>
    public static async Task<(int Tools, double Median)> ListAsync(Peer peer, int count)
    {
        using var client = await RawClient.OpenAsync(peer);
        var (tools, times) = (0, new List<double>());
        for (var i = 0; i < count; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            tools = await client.ListAsync();
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
        }

        // The first half warms up.
        return (tools, times.Skip(count / 2).Order().ElementAt(count / 4));
    }

    private static async Task<List<double>> CallAsync(RawClient client, long begin, TimeSpan duration)
    {
        await Task.Yield();
        var times = new List<double>();
        while (Stopwatch.GetElapsedTime(begin) < duration)
        {
            var start = Stopwatch.GetTimestamp();
            await client.CallAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return times;
    }
}
