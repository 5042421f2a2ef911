using System.Globalization;
using Luminarys.Benchmarks.Remote;

namespace RelayThroughput;

/// <summary>One file, one way, processes of its own.</summary>
/// <param name="Seconds">From before the source connects until it has the sink's confirmation.</param>
/// <param name="Processor">Processor seconds of source, middle and sink.</param>
/// <param name="Extra">Bytes that each had in memory at most, beyond what it had when it was ready.</param>
internal sealed record Run(double Seconds, (double Source, double Middle, double Sink) Processor, (long Source, long Middle, long Sink) Extra)
{
    private const long WarmUp = 16 * 1024 * 1024;

    // Until the compilers have come to rest: a node runs for longer than a program of a measurement.
    private const int WarmUps = 16;
    private static uint s_number;

    public static async Task<Run> MeasureAsync(string kind, string folder, long length)
    {
        await using var relay = Kinds.IsOurs(kind) ? await ChildProcess.StartAsync("relay", kind) : null;
        await using var server = Kinds.WindowOf(kind) > 0 ? NatsServerProcess.Start() : null;
        await using var sink = await ChildProcess.StartAsync("sink", kind);
        await using var source = await ChildProcess.StartAsync("source", kind);
        var port = relay is not null ? int.Parse(relay.Greeting, CultureInfo.InvariantCulture) : server is not null ? new Uri(server.Url).Port : 0;

        for (var i = 0; i < WarmUps; i++)
        {
            await CopyAsync(source, sink, folder, WarmUp, port);
            await (i % 4 == 3 ? RestAsync(source, sink, relay) : Task.CompletedTask);
        }

        var (from, middle, to) = (source.Now, relay?.Now ?? default, sink.Now);
        var seconds = await CopyAsync(source, sink, folder, length, port);
        var (fromEnd, middleEnd, toEnd) = (source.Now, relay?.Now ?? default, sink.Now);
        return new(
            seconds,
            (fromEnd.Seconds - from.Seconds, middleEnd.Seconds - middle.Seconds, toEnd.Seconds - to.Seconds),
            (fromEnd.Peak - source.Begin.Resident, middleEnd.Peak - (relay?.Begin.Resident ?? 0), toEnd.Peak - sink.Begin.Resident));
    }

    // Until nothing is compiled any more: half a second in which no process used the processor.
    private static async Task RestAsync(params ChildProcess?[] processes)
    {
        for (var (before, now) = (-1.0, 0.0); now > before; now = processes.Sum(process => process?.Now.Seconds ?? 0))
        {
            before = now;
            await Task.Delay(500);
        }
    }

    private static async Task<double> CopyAsync(ChildProcess source, ChildProcess sink, string folder, long length, int port)
    {
        var number = ++s_number;
        var target = Path.Combine(folder, "target");
        sink.Give(new(number, length, target, port));
        var answered = int.Parse(await sink.ReadAsync(), CultureInfo.InvariantCulture);
        source.Give(new(number, length, Path.Combine(folder, $"source-{length}"), answered));
        var seconds = await source.SecondsAsync();
        await sink.SecondsAsync();
        if (new FileInfo(target).Length != length)
        {
            throw new IOException("the file did not arrive");
        }

        File.Delete(target);
        return seconds;
    }
}
