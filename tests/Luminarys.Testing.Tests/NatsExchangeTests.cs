using System.Collections.Concurrent;
using System.Diagnostics;
using Luminarys.Cluster;
using Luminarys.Hosting;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Transport.Nats.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Testing.Tests;

/// <summary>Events and shared values over a real server.</summary>
[Trait("Kind", "Integration")]
public sealed class NatsExchangeTests
{
    private readonly ConcurrentDictionary<string, ISkillHost> _hosts = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_AndSharedValues_CrossTheServer()
    {
        await using var server = await NatsServer.StartAsync();
        await using var master = Build(server, "master", "local");
        await using var one = Build(server, "slave-1", "a");
        await using var two = Build(server, "slave-2", "b");
        Assert.Null(await master.GetRequiredService<MasterNode>().StartAsync(Token));
        Assert.Null(await one.GetRequiredService<SlaveNode>().StartAsync(Token));
        Assert.Null(await two.GetRequiredService<SlaveNode>().StartAsync(Token));
        await UntilAsync(() => Registered(master) == 3 && Registered(one) == 3 && Registered(two) == 3, "both slaves joined");
        var (far, near) = (new ConcurrentQueue<byte>(), new ConcurrentQueue<byte>());
        _hosts["b"].Subscribe("news", heard => far.Enqueue(heard.Payload.Span[0]));
        _hosts["local"].Subscribe("news", heard => near.Enqueue(heard.Payload.Span[0]));

        for (byte number = 0; number < 100; number++)
        {
            await _hosts["a"].EmitAsync(new SkillEvent("news", new[] { number }, new("a")), Token);
        }

        await UntilAsync(() => far.Count == 100 && near.Count == 100, "the events came");
        Assert.Equal(Enumerable.Range(0, 100).Select(number => (byte)number), far);
        Assert.Equal(far, near);

        // The largest value that there may be, there and back.
        var largest = new byte[256 * 1024];
        largest[^1] = 7;
        Assert.Null(await _hosts["a"].StoreValueAsync(new("", "large"), largest, Token));
        Assert.Equal(largest, (await _hosts["b"].FindValueAsync(new("", "large"), Token)).Value!.Value.ToArray());
        Assert.Equal(default, await _hosts["b"].FindValueAsync(new("", "missing"), Token));

        await server.KillAsync();
        await UntilAsync(() => one.GetRequiredKeyedService<IBus>(BusLane.Traffic).Status != BusStatus.Up, "the node noticed");
        Assert.Equal(InvocationError.BusDown, (await _hosts["a"].StoreValueAsync(new("", "large"), new byte[1], Token))?.Error);
    }

    [Fact]
    public async Task Value_LargerThanTheServerTakes_IsRefused()
    {
        await using var server = await NatsServer.StartAsync(configuration: "max_payload: 65536");
        await using var master = Build(server, "master", "local");
        await using var one = Build(server, "slave-1", "a");
        Assert.Null(await master.GetRequiredService<MasterNode>().StartAsync(Token));
        Assert.Null(await one.GetRequiredService<SlaveNode>().StartAsync(Token));
        await UntilAsync(() => Registered(master) == 2 && Registered(one) == 2, "the slave joined");

        Assert.Equal(InvocationError.PayloadTooLarge, (await _hosts["a"].StoreValueAsync(new("", "x"), new byte[65536], Token))?.Error);
        Assert.Null(await _hosts["local"].StoreValueAsync(new("", "y"), new byte[65536], Token));
        Assert.Equal(InvocationError.PayloadTooLarge, (await _hosts["a"].FindValueAsync(new("", "y"), Token)).Fault?.Error);
        Assert.Null(await _hosts["a"].StoreValueAsync(new("", "x"), new byte[50_000], Token));
    }

    // The server takes 64 KiB; 16 MiB go there and come back.
    [Fact]
    public async Task C7_ArgumentsAndResultsLargerThanTheServerTakes_ArriveIntact()
    {
        await using var server = await NatsServer.StartAsync(configuration: "max_payload: 65536");
        await using var master = Build(server, "master", "local");
        await using var one = Build(server, "slave-1", "a");
        Assert.Null(await master.GetRequiredService<MasterNode>().StartAsync(Token));
        Assert.Null(await one.GetRequiredService<SlaveNode>().StartAsync(Token));
        await UntilAsync(() => Registered(master) == 2 && Registered(one) == 2, "the slave joined");

        foreach (var size in new[] { 40_000, 65_536, 300_000, 16 * 1024 * 1024 })
        {
            var sent = new byte[size];
            new Random(size).NextBytes(sent);
            var result = await _hosts["local"].InvokeAsync(Call("local", "a", sent), Token);
            Assert.Equal((InvocationError.None, null), (result.Error, result.Message));
            Assert.True(result.Payload.Span.SequenceEqual(sent));
            result = await _hosts["a"].InvokeAsync(Call("a", "local", sent), Token);
            Assert.Equal((InvocationError.None, null), (result.Error, result.Message));
            Assert.True(result.Payload.Span.SequenceEqual(sent));
        }
    }

    private static Invocation Call(string from, string to, byte[] arguments) => new(
        CallId.New(TimeProvider.System), new(to), "echo", arguments, new(CallerKind.Skill, new(from)), Deadline.After(TimeSpan.FromSeconds(60), TimeProvider.System)) { Depth = 1 };

    private static int Registered(ServiceProvider node) => node.GetRequiredService<SkillRegistry>().Current.Entries.Length;

    private static async Task UntilAsync(Func<bool> condition, string phase)
    {
        for (var watch = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), phase);
            await Task.Delay(20, Token);
        }
    }

    private ServiceProvider Build(NatsServer server, string node, string skill)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IManifestSource>(new FixedManifests([new(new(skill), "", $"/{skill}")]));
        services.AddSingleton<ISkillRuntime>(_ => new ScriptedRuntime().AddSkill(skill, script => script.WhenLoaded(host => _hosts[skill] = host).WithMethod("echo", (call, _) => new(InvocationResult.Success(call.Payload)))));
        var builder = node == "master"
            ? services.AddLuminarysMaster(options => (options.ClusterId, options.NodeId) = ("test", node))
            : services.AddLuminarysSlave(options => (options.ClusterId, options.NodeId) = ("test", node));
        builder.UseNats(options => options.Url = server.Url);
        return services.BuildServiceProvider();
    }
}
