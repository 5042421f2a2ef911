using System.Diagnostics;

namespace Luminarys.Benchmarks;

/// <summary>Median of several repetitions of an operation, with the managed bytes that it allocates on all threads.</summary>
internal readonly record struct Measurement(double Nanoseconds, double P99, double Bytes)
{
    private const int Repetitions = 9;

    public static void PrintHeader() => Console.WriteLine($"{"",-56}{"ns/op",12}{"B/op",10}");

    public void Print(string name) => Console.WriteLine($"{name,-56}{Nanoseconds,12:F0}{Bytes,10:F0}");

    /// <summary>Measures a synchronous operation in loops of <paramref name="count"/>.</summary>
    public static Measurement Of(int count, Action operation) => Median(Repetitions, () =>
    {
        var (start, bytes) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true));
        for (var i = 0; i < count; i++)
        {
            operation();
        }

        return Per(count, start, bytes);
    });

    /// <summary>Measures calls made back to back: each begins when the one before has ended.</summary>
    public static async Task<Measurement> OfAsync(int count, Func<ValueTask> operation)
    {
        var all = new List<Measurement>();
        for (var repetition = 0; repetition < Repetitions + 2; repetition++)
        {
            var (start, bytes) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true));
            for (var i = 0; i < count; i++)
            {
                await operation();
            }

            all.Add(Per(count, start, bytes));
        }

        return MedianOf(all.Skip(2));
    }

    /// <summary>Measures single calls one by one: median and 99th percentile of their durations.</summary>
    public static async Task<Measurement> LatencyOfAsync(int count, Func<ValueTask> operation, TimeSpan pause = default)
    {
        var durations = new double[count];
        for (var i = -count / 10; i < count; i++)
        {
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause);
            }

            var start = Stopwatch.GetTimestamp();
            await operation();
            if (i >= 0)
            {
                durations[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            }
        }

        Array.Sort(durations);
        return new(durations[count / 2], durations[count * 99 / 100], 0);
    }

    private static Measurement Median(int repetitions, Func<Measurement> measure)
    {
        measure();
        measure();
        return MedianOf(Enumerable.Range(0, repetitions).Select(_ => measure()));
    }

    private static Measurement MedianOf(IEnumerable<Measurement> measurements)
    {
        var sorted = measurements.OrderBy(measurement => measurement.Nanoseconds).ToList();
        return sorted[sorted.Count / 2];
    }

    private static Measurement Per(int count, long start, long bytes)
    {
        var time = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return new(time / count, 0, (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / count);
    }
}
