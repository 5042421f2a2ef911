using System.Diagnostics;
using System.Runtime;
using Luminarys.Benchmarks.Remote;

namespace Luminarys.Benchmarks;

/// <summary>
/// A call from the master to a skill on a slave over a real NATS server, beside a raw NATS request and reply of the same size and of the same client
/// library. The two sides and the server are processes of their own in both cases. Floors and ours take turns in short rounds, so that whatever
/// else the machine does meets both; what counts is the median of the rounds' ratios.
/// </summary>
internal static class RemoteInvocation
{
    private const int Rounds = 9;
    private const int Calls = 1_500;
    private const int MaxWarmUps = 40;
    private const int FewMethods = 5;
    private static readonly TimeSpan s_load = TimeSpan.FromSeconds(1);

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("luminarys-bench-").FullName;
        await using var server = NatsServerProcess.Start();
        await using var responder = await Partner.StartAsync(RawResponder.Role, server.Url);
        await using var hopping = await Partner.StartAsync(RawResponder.HoppingRole, server.Url);
        await using var slave = await Partner.StartAsync(EchoNode.Role, server.Url, folder);
        await using var raw = new RawRequester(server.Url);
        await using (var master = await EchoNode.StartMasterAsync(server.Url, folder))
        {
            await master.MeetSlaveAsync();
            await WarmUpAsync(raw, master, slave, server);
            await MeasureLatencyAsync(raw, master);
            foreach (var inFlight in new[] { 16, 256 })
            {
                await MeasureThroughputAsync(raw, master, (responder, slave, server), inFlight);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    // The compiler works in the background, and on a busy machine for long. Both sides have come to rest when two seconds bring hardly a new method.
    private static async Task WarmUpAsync(RawRequester raw, EchoNode master, Partner slave, NatsServerProcess server)
    {
        var quiet = 0;
        for (var second = 0; quiet < 2 && second < MaxWarmUps; second++)
        {
            var before = JitInfo.GetCompiledMethodCount() + await slave.CompiledMethodsAsync();
            await MeasureLoadAsync(raw.CallAsync, slave, server, 16);
            await MeasureLoadAsync(() => master.CallAsync(EchoNode.SkillThere), slave, server, 64);
            await Measurement.OfAsync(Calls, () => master.CallAsync(EchoNode.SkillHere));
            await Measurement.OfAsync(Calls, () => master.CallAsync(EchoNode.SkillThere));
            await Measurement.OfAsync(Calls, raw.CallWithHopsAsync);
            quiet = JitInfo.GetCompiledMethodCount() + await slave.CompiledMethodsAsync() - before <= FewMethods ? quiet + 1 : 0;
        }
    }

    private static async Task MeasureLatencyAsync(RawRequester raw, EchoNode master)
    {
        (string Name, Func<ValueTask> Call)[] kinds =
        [
            ("floor: NATS request/reply, 64 B", raw.CallAsync),
            ("floor: the same, with a node's changes of threads", raw.CallWithHopsAsync),
            ("local call of the minimal echo guest", () => master.CallAsync(EchoNode.SkillHere)),
            ("RemoteInvocation: the same on a slave", () => master.CallAsync(EchoNode.SkillThere)),
        ];
        var rounds = new List<Measurement[]>();
        for (var round = 0; round < Rounds; round++)
        {
            var measured = new Measurement[kinds.Length];
            for (var i = 0; i < kinds.Length; i++)
            {
                measured[i] = await Measurement.OfAsync(Calls, kinds[i].Call);
            }

            rounds.Add(measured);
        }

        for (var i = 0; i < kinds.Length; i++)
        {
            Measurement.MedianOf([.. rounds.Select(round => round[i])]).Print(kinds[i].Name);
        }

        PrintRatio("raw request/reply", rounds.Select(round => (round[3].Median - round[2].Median) / round[0].Median));
        PrintRatio("raw request/reply with hops", rounds.Select(round => (round[3].Median - round[2].Median) / round[1].Median));
    }

    private static void PrintRatio(string floor, IEnumerable<double> ratios)
    {
        var sorted = ratios.Order().ToList();
        Console.WriteLine($"  p50 added over a local call: {sorted[sorted.Count / 2]:F2} x the p50 of {floor} (rounds {sorted[0]:F2} to {sorted[^1]:F2})");
    }

    private static async Task MeasureThroughputAsync(
        RawRequester raw, EchoNode master, (Partner Responder, Partner Slave, NatsServerProcess Server) others, int inFlight)
    {
        var (responder, slave, server) = others;
        var rounds = new List<(Load Raw, Load Ours)>();
        for (var round = 0; round < Rounds; round++)
        {
            var floor = await MeasureLoadAsync(raw.CallAsync, responder, server, inFlight);
            var ours = await MeasureLoadAsync(() => master.CallAsync(EchoNode.SkillThere), slave, server, inFlight);
            rounds.Add((floor, ours));
        }

        Print($"floor: NATS request/reply, {inFlight} in flight", rounds.Select(round => round.Raw));
        Print($"RemoteInvocation, {inFlight} in flight", rounds.Select(round => round.Ours));
        PrintShare("of raw request/reply", rounds.Select(round => round.Ours.CallsPerSecond / round.Raw.CallsPerSecond));
        PrintShare("by processor time per call of both sides and the server, of raw", rounds.Select(round => round.Raw.Processor / round.Ours.Processor));
    }

    private static void PrintShare(string what, IEnumerable<double> shares)
    {
        var sorted = shares.Order().ToList();
        Console.WriteLine($"  {sorted[sorted.Count / 2]:P0} {what} (rounds {sorted[0]:P0} to {sorted[^1]:P0})");
    }

    private static async Task<Load> MeasureLoadAsync(Func<ValueTask> call, Partner partner, NatsServerProcess server, int inFlight)
    {
        var theirs = await partner.AllocatedBytesAsync();
        var own = GC.GetTotalAllocatedBytes(precise: true);
        var (ownTime, theirTime, serverTime) = (Environment.CpuUsage.TotalTime, partner.Processor(), server.Processor());
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => RepeatAsync(call, start)));
        var duration = Stopwatch.GetElapsedTime(start);
        (ownTime, theirTime, serverTime) = (Environment.CpuUsage.TotalTime - ownTime, partner.Processor() - theirTime, server.Processor() - serverTime);
        double calls = counts.Sum();
        own = GC.GetTotalAllocatedBytes(precise: true) - own;
        theirs = await partner.AllocatedBytesAsync() - theirs;
        return new(calls / duration.TotalSeconds, own / calls, theirs / calls, ownTime.TotalMicroseconds / calls, theirTime.TotalMicroseconds / calls, serverTime.TotalMicroseconds / calls);
    }

    private static async Task<long> RepeatAsync(Func<ValueTask> call, long start)
    {
        // Not on the starter's thread: the first calls are to leave together.
        await Task.Yield();
        var count = 0L;
        while (Stopwatch.GetElapsedTime(start) < s_load)
        {
            await call();
            count++;
        }

        return count;
    }

    private static void Print(string name, IEnumerable<Load> loads)
    {
        var all = loads.ToList();
        Console.WriteLine(
            $"{name,-58}{MedianOf(load => load.CallsPerSecond),10:F0} calls/s,{MedianOf(load => load.OwnBytes),6:F0} B/call here,{MedianOf(load => load.TheirBytes),6:F0} B/call there, "
            + $"processor {MedianOf(load => load.OwnTime):F1} us here, {MedianOf(load => load.TheirTime):F1} us there, {MedianOf(load => load.ServerTime):F1} us in the server");

        double MedianOf(Func<Load, double> value) => all.Select(value).Order().ElementAt(all.Count / 2);
    }

    /// <summary>What one round under load gave.</summary>
    private readonly record struct Load(double CallsPerSecond, double OwnBytes, double TheirBytes, double OwnTime, double TheirTime, double ServerTime)
    {
        /// <summary>Processor time of both sides and the server per call, in microseconds. What else the machine does moves it less than the calls per second.</summary>
        public double Processor => OwnTime + TheirTime + ServerTime;
    }
}
