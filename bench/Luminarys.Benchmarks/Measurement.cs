using System.Diagnostics;

namespace Luminarys.Benchmarks;

/// <summary>How long an operation takes, and the managed bytes that it allocates on all threads.</summary>
/// <param name="P10">10th percentile in nanoseconds: what it takes on a machine that nothing disturbs.</param>
/// <param name="Median">Median in nanoseconds.</param>
/// <param name="Mean">Mean in nanoseconds: what a pause of the machine adds is in here.</param>
/// <param name="P99">99th percentile in nanoseconds.</param>
/// <param name="Bytes">Bytes allocated per operation.</param>
internal readonly record struct Measurement(double P10, double Median, double Mean, double P99, double Bytes)
{
    public static void PrintHeader() => Console.WriteLine($"{"",-58}{"p10 ns",10}{"p50 ns",10}{"mean ns",10}{"p99 ns",10}{"B/op",8}");

    public void Print(string name) => Console.WriteLine($"{name,-58}{P10,10:F0}{Median,10:F0}{Mean,10:F0}{P99,10:F0}{Bytes,8:F0}");

    /// <summary>Measures calls made one after the other, each by itself, after a tenth as many for warming up.</summary>
    public static async Task<Measurement> OfAsync(int count, Func<ValueTask> operation, TimeSpan pause = default)
    {
        for (var i = 0; i < count / 10; i++)
        {
            await operation();
        }

        var durations = new double[count];
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < count; i++)
        {
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause);
            }

            var start = Stopwatch.GetTimestamp();
            await operation();
            durations[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        return From(durations, GC.GetTotalAllocatedBytes(precise: true) - bytes);
    }

    /// <summary>Measures a synchronous operation that is long enough to be timed by itself.</summary>
    public static Measurement Of(int count, Action operation)
    {
        for (var i = 0; i < count / 10; i++)
        {
            operation();
        }

        var durations = new double[count];
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            operation();
            durations[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        return From(durations, GC.GetTotalAllocatedBytes(precise: true) - bytes);
    }

    /// <summary>Measures an operation too short for the clock: the samples are loops of 1,000.</summary>
    public static Measurement OfShort(int loops, Action operation)
    {
        const int Length = 1_000;
        var loop = Of(loops, () =>
        {
            for (var i = 0; i < Length; i++)
            {
                operation();
            }
        });
        return new(loop.P10 / Length, loop.Median / Length, loop.Mean / Length, loop.P99 / Length, loop.Bytes / Length);
    }

    /// <summary>The median of each figure over several rounds.</summary>
    public static Measurement MedianOf(IReadOnlyCollection<Measurement> rounds)
    {
        return new(Of(round => round.P10), Of(round => round.Median), Of(round => round.Mean), Of(round => round.P99), Of(round => round.Bytes));

        double Of(Func<Measurement, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);
    }

    private static Measurement From(double[] durations, long bytes)
    {
        Array.Sort(durations);
        return new(
            durations[durations.Length / 10],
            durations[durations.Length / 2],
            durations.Average(),
            durations[durations.Length * 99 / 100],
            (double)bytes / durations.Length);
    }
}
