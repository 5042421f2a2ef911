using System.Diagnostics;
using System.Globalization;
using Luminarys.Benchmarks.Remote;

namespace Luminarys.Benchmarks;

/// <summary>
/// A large cluster on one machine: a master with the MCP edge in one process, 200 slaves with 50 skills each in another, the NATS server in a third.
/// How long until the master knows every skill, what it costs when nothing happens, and what listing all tools takes.
/// </summary>
internal static class ClusterScale
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(30);

    public static async Task RunAsync()
    {
        await using var server = NatsServerProcess.Start();
        await using var slaves = await Partner.StartAsync(ScaleSlaves.Role, server.Url);
        await using var master = await Partner.StartAsync(ScaleMaster.Role, server.Url);
        const int Skills = ScaleSlaves.Nodes * ScaleSlaves.SkillsPerNode;
        var start = Stopwatch.GetTimestamp();
        var (masterBefore, slavesBefore) = (master.Processor(), slaves.Processor());
        var started = slaves.AskAsync("go");
        var entries = 0;
        while (entries < Skills && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(2))
        {
            await Task.Delay(50);
            entries = int.Parse(await master.AskAsync(ScaleMaster.Entries), CultureInfo.InvariantCulture);
        }

        var joined = Stopwatch.GetElapsedTime(start);
        if (await started is { Length: > 0 } fault)
        {
            throw new InvalidOperationException(fault);
        }

        Console.WriteLine(
            $"ClusterScale: {ScaleSlaves.Nodes} slaves, {entries} of {Skills} skills known after {joined.TotalSeconds:F1} s"
            + $" (processor time: master {(master.Processor() - masterBefore).TotalSeconds:F1} s, all slaves {(slaves.Processor() - slavesBefore).TotalSeconds:F1} s)");
        var list = (await master.AskAsync(ScaleMaster.List)).Split(' ');
        Console.WriteLine($"  tools/list: {list[0]} tools on all pages in {list[1]} ms from the cache, {list[2]} ms with writing the JSON");

        // Everything that follows the joining comes to rest first.
        await Task.Delay(TimeSpan.FromSeconds(15));
        (masterBefore, slavesBefore) = (master.Processor(), slaves.Processor());
        await Task.Delay(s_idle);
        Console.WriteLine(
            $"  idle for {s_idle.TotalSeconds:F0} s: master {(master.Processor() - masterBefore) / s_idle:P1} of one core, all slaves {(slaves.Processor() - slavesBefore) / s_idle:P1}");
    }
}
