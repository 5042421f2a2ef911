// How fast a file goes from node to node through the relay, beside the least programs that do the same work without one.
//   dotnet run -c Release --project bench/RelayThroughput -- [--mib 2048] [--rounds 3] [--folder PATH] [--only WAY,WAY]
using System.Globalization;
using System.Security.Cryptography;
using RelayThroughput;

const double Mebi = 1024 * 1024;

if (args is [Child.Verb, var role, var kindOfChild])
{
    return await Child.RunAsync(role, kindOfChild);
}

var length = (long)(Option("--mib", 2048) * Mebi);
var rounds = Option("--rounds", 3);
var at = Array.IndexOf(args, "--folder");
var folder = Directory.CreateDirectory(Path.Combine(at < 0 ? Path.GetTempPath() : args[at + 1], $"relay-throughput-{Environment.ProcessId}")).FullName;
try
{
    await FillAsync(length);
    await FillAsync(16 * 1024 * 1024);
    var only = Array.IndexOf(args, "--only");
    string[] kinds = only < 0 ? [Kinds.Sealed, Kinds.SocketSealed, Kinds.Plain, Kinds.SocketPlain, Kinds.Nats128, Kinds.Nats16] : args[only + 1].Split(',');
    var runs = kinds.ToDictionary(kind => kind, _ => new List<Run>());
    for (var round = 0; round < rounds; round++)
    {
        // Each round begins with another one: what the disk still has to do for the one before hits all alike.
        foreach (var kind in kinds.Skip(round % kinds.Length).Concat(kinds.Take(round % kinds.Length)))
        {
            runs[kind].Add(await Run.MeasureAsync(kind, folder, length));
        }
    }

    Print(runs, length, rounds);
    if (only < 0)
    {
        PrintRatios(runs);
    }

    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

int Option(string name, int otherwise)
{
    var index = Array.IndexOf(args, name);
    return index < 0 ? otherwise : int.Parse(args[index + 1], CultureInfo.InvariantCulture);
}

async Task FillAsync(long count)
{
    await using var file = File.Create(Path.Combine(folder, $"source-{count}"));
    var block = new byte[1024 * 1024];
    for (long written = 0; written < count; written += block.Length)
    {
        RandomNumberGenerator.Fill(block);
        await file.WriteAsync(block.AsMemory(0, (int)Math.Min(block.Length, count - written)));
    }

    file.Flush(flushToDisk: true);
}

static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

static void Print(Dictionary<string, List<Run>> runs, long length, int rounds)
{
    Line($"{length / Mebi:F0} MiB, median of {rounds}");
    Line($"| way | MiB/s | rounds | processor s/GiB: source | relay | sink | memory MiB: source | relay | sink |");
    Line($"|---|---|---|---|---|---|---|---|---|");
    foreach (var (kind, all) in runs)
    {
        var speeds = all.Select(run => length / Mebi / run.Seconds).Order().ToList();
        double PerGiB(Func<Run, double> of) => Median(all.Select(of)) / (length / Mebi / 1024);
        double Most(Func<Run, long> of) => all.Max(of) / Mebi;
        Line($"| {kind} | {Median(speeds):F0} | {speeds[0]:F0} to {speeds[^1]:F0} | {PerGiB(run => run.Processor.Source):F2} | {PerGiB(run => run.Processor.Middle):F2} | {PerGiB(run => run.Processor.Sink):F2} | {Most(run => run.Extra.Source):F0} | {Most(run => run.Extra.Middle):F0} | {Most(run => run.Extra.Sink):F0} |");
    }

}

// Of the same round: what else the machine does changes less within one than from the first to the last.
static void PrintRatios(Dictionary<string, List<Run>> runs)
{
    double Of(string one, string other) => Median(runs[one].Zip(runs[other], (a, b) => b.Seconds / a.Seconds));
    var extra = runs[Kinds.Sealed].Concat(runs[Kinds.Plain]).Max(run => Math.Max(run.Extra.Source, Math.Max(run.Extra.Middle, run.Extra.Sink))) / Mebi;
    Line($"");
    Line($"| figure | goal | now |");
    Line($"|---|---|---|");
    Line($"| {Kinds.Sealed} of {Kinds.SocketSealed} | ≥ 85 % | {Of(Kinds.Sealed, Kinds.SocketSealed):P0} |");
    Line($"| {Kinds.Plain} of {Kinds.SocketPlain} | ≥ 85 % | {Of(Kinds.Plain, Kinds.SocketPlain):P0} |");
    foreach (var (ours, nats) in new[] { Kinds.Plain, Kinds.Sealed }.SelectMany(_ => new[] { Kinds.Nats128, Kinds.Nats16 }, (ours, nats) => (ours, nats)))
    {
        Line($"| {ours} of {nats} | ≥ 2.5 | {Of(ours, nats):F2} |");
    }

    Line($"| extra memory of any of ours | < 64 MiB | {extra:F0} MiB |");
}

static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
