using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Luminarys.Hosting;
using Luminarys.Invocations;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Luminarys.Benchmarks;

/// <summary>
/// A call from the master to a skill on a slave over a real NATS server, beside a raw NATS request and reply of the same size.
/// In both cases the two sides are connections of this process, the server is another process.
/// </summary>
internal static class RemoteInvocation
{
    private const int Calls = 5_000;

    public static async Task RunAsync()
    {
        var port = FreePort();
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, "nats-server")).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("RemoteInvocation needs nats-server on PATH: apt-get install nats-server");
        using var server = Process.Start(new ProcessStartInfo(program, ["-a", "127.0.0.1", "-p", $"{port}"]) { RedirectStandardError = true })!;
        server.ErrorDataReceived += (_, _) => { };
        server.BeginErrorReadLine();
        try
        {
            var url = $"nats://127.0.0.1:{port}";
            var raw = await MeasureRawAsync(url);
            var (ours, local) = await MeasureOursAsync(url);
            Console.WriteLine($"{"",-56}{"p50 ns",12}{"p99 ns",10}");
            Print("floor: NATS request/reply, 64 B", raw);
            Print("local call, one by one", local);
            Print("RemoteInvocation: echo of 64 B on a slave", ours);
            Console.WriteLine($"  added over a local call: {(ours.Nanoseconds - local.Nanoseconds) / raw.Nanoseconds:F2} x the raw request/reply p50");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static void Print(string name, Measurement m) => Console.WriteLine($"{name,-56}{m.Nanoseconds,12:F0}{m.P99,10:F0}");

    private static async Task<Measurement> MeasureRawAsync(string url)
    {
        await using var responder = new NatsConnection(new NatsOpts { Url = url });
        await using var requester = new NatsConnection(new NatsOpts { Url = url });
        await using var subscription = await responder.SubscribeCoreAsync<NatsMemoryOwner<byte>>("bench");
        var answering = AnswerAsync(subscription, responder);
        var payload = new byte[64];
        var result = await Measurement.LatencyOfAsync(Calls, async () =>
        {
            var reply = await requester.RequestAsync<byte[], NatsMemoryOwner<byte>>("bench", payload);
            reply.Data.Dispose();
        });
        await subscription.UnsubscribeAsync();
        await answering;
        return result;
    }

    private static async Task AnswerAsync(INatsSub<NatsMemoryOwner<byte>> subscription, NatsConnection connection)
    {
        await foreach (var message in subscription.Msgs.ReadAllAsync())
        {
            await connection.PublishAsync(message.ReplyTo!, message.Data.Memory.ToArray());
            message.Data.Dispose();
        }
    }

    private static async Task<(Measurement Remote, Measurement Local)> MeasureOursAsync(string url)
    {
        var folder = Directory.CreateTempSubdirectory("luminarys-bench-").FullName;
        using var master = Build(folder, url, "echo-here", builder => builder.AddLuminarysMaster(options => options.NodeId = "master"));
        using var slave = Build(folder, url, "echo-there", builder => builder.AddLuminarysSlave(options => options.NodeId = "slave"));
        try
        {
            await master.StartAsync();
            await slave.StartAsync();
            var registry = master.Services.GetRequiredService<SkillRegistry>();
            while (registry.Current.Find(new SkillId("echo-there")) is null)
            {
                await Task.Delay(20);
            }

            var invoker = master.Services.GetRequiredService<IInvoker>();
            var time = master.Services.GetRequiredService<TimeProvider>();
            return (await MeasureAsync("echo-there"), await MeasureAsync("echo-here"));

            Task<Measurement> MeasureAsync(string skill) => Measurement.LatencyOfAsync(Calls, async () =>
            {
                var result = await invoker.InvokeAsync(LocalInvocation.EchoOf64Bytes(skill, time), CancellationToken.None);
                if (!result.IsSuccess)
                {
                    throw new InvalidOperationException($"{result.Error}: {result.Message}");
                }
            });
        }
        finally
        {
            await slave.StopAsync();
            await master.StopAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IHost Build(string folder, string url, string skill, Func<IServiceCollection, ILuminarysBuilder> add)
    {
        var manifest = Path.Combine(folder, skill + ".yaml");
        File.WriteAllText(manifest, $"id: {skill}\npath: {Path.Combine(AppContext.BaseDirectory, "echo.wasm")}\npermissions: {{}}\n");
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        add(builder.Services).UseNats(options => options.Url = url).AddManifests(manifest);
        return builder.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
