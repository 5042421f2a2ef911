using System.Diagnostics;
using System.Globalization;
using System.Net;
using Luminarys.Ports;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RelayThroughput;

/// <summary>A process of the run: a relay, or one end of files whose jobs it reads from its standard input.</summary>
internal static class Child
{
    public const string Verb = "child";

    public static async Task<int> RunAsync(string role, string kind)
    {
        if (role == "relay")
        {
            return await RelayAsync();
        }

        await Console.Out.WriteLineAsync("ready");
        while (await Console.In.ReadLineAsync() is { Length: > 0 } line)
        {
            var job = Job.Parse(line);
            var begin = Stopwatch.GetTimestamp();
            await (role == "source" ? SendAsync(job, kind) : TakeAsync(job, kind));
            await Console.Out.WriteLineAsync(Stopwatch.GetElapsedTime(begin).TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private static async Task SendAsync(Job job, string kind)
    {
        if (Kinds.IsOurs(kind))
        {
            await OurEnds.SendAsync(job, Kinds.IsSealed(kind));
        }
        else if (Kinds.WindowOf(kind) is > 0 and var window)
        {
            await NatsEnds.SendAsync(job, window);
        }
        else
        {
            SocketEnds.Send(job, Kinds.IsSealed(kind));
        }
    }

    private static async Task TakeAsync(Job job, string kind)
    {
        if (Kinds.IsOurs(kind))
        {
            Console.WriteLine(job.Port);
            await OurEnds.TakeAsync(job, Kinds.IsSealed(kind));
        }
        else if (Kinds.WindowOf(kind) is > 0 and var window)
        {
            await NatsEnds.TakeAsync(job, window, Console.WriteLine);
        }
        else
        {
            SocketEnds.Take(job, Kinds.IsSealed(kind), Console.WriteLine);
        }
    }

    private static async Task<int> RelayAsync()
    {
        await using var services = new ServiceCollection().AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(new RelayKeys(RelayKey.OfSecret(OurEnds.Secret), []))
            .AddTcpRelayServer(options => (options.ListenAddress, options.ListenPort) = (IPAddress.Loopback, 0)).BuildServiceProvider();
        var relay = services.GetRequiredService<IRelayServer>();
        await relay.StartAsync(CancellationToken.None);
        await Console.Out.WriteLineAsync($"{relay.EndPoint!.Port}");
        await Console.In.ReadLineAsync();
        return 0;
    }
}
