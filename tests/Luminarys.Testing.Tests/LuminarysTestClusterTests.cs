using System.Collections.Concurrent;
using System.Text;
using Luminarys.Files;
using Luminarys.Invocations;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Testing.Tests;

[Collection(nameof(WholeClusters))]
public sealed class LuminarysTestClusterTests
{
    private static readonly byte[] s_none = [0x80];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_OfASkillOnASlave_Returns()
    {
        await using var cluster = await TwoSlaves().StartAsync(Token);

        Assert.Equal(["far__echo", "local__echo", "near__echo"], cluster.Tools);
        var result = await cluster.InvokeAsync("far", "echo", Encoding.UTF8.GetBytes("hello"), Token);

        Assert.Equal("hello", Encoding.UTF8.GetString(result.Payload.Span));
        Assert.Equal("slave-2", result.Node.Value);
    }

    [Fact]
    public async Task Deadline_PassesInVirtualTime()
    {
        await using var cluster = await new LuminarysTestClusterBuilder().UseVirtualTime()
            .AddSlave("slave-1", node => node.AddSkill("slow", skill => skill.WithMethod("wait", async (_, ends) =>
            {
                await Task.Delay(Timeout.Infinite, ends);
                return default;
            })))
            .StartAsync(Token);

        var begun = cluster.Time.GetTimestamp();
        var call = new Invocation(
            CallId.New(cluster.Time), new("slow"), "wait", s_none, new(CallerKind.Edge, default), Deadline.After(TimeSpan.FromSeconds(10), cluster.Time));
        Assert.Equal(InvocationError.Deadline, (await cluster.InvokeAsync(call, Token)).Error);
        Assert.InRange(cluster.Time.GetElapsedTime(begun).TotalSeconds, 10, 30);
    }

    [Fact]
    public async Task ShareDirectory_SkillThatCopies_TakesTheBusAndTheFileIsWhole()
    {
        var folder = Directory.CreateTempSubdirectory("lm-shared-");
        try
        {
            var content = new byte[3_000_001];
            new Random(4).NextBytes(content);
            await File.WriteAllBytesAsync(Path.Combine(folder.CreateSubdirectory("two").FullName, "a.bin"), content, Token);
            var here = folder.CreateSubdirectory("one").FullName;
            using var services = new ServiceCollection().AddFileAccess(_ => { }).BuildServiceProvider();
            using var files = services.GetRequiredService<IFileAccess>().GrantTransfers([new(here, AccessMode.ReadWrite)], []);
            ISkillHost? host = null;
            await using var cluster = await new LuminarysTestClusterBuilder()
                .AddSlave("slave-1", node => node.AddSkill("copier", skill => skill.WhenLoaded(given => host = given)))
                .AddSlave("slave-2", node => node.ShareDirectory(Path.Combine(folder.FullName, "two")).AddSkill("far", skill => skill.WithMethod("echo", (_, _) => default)))
                .StartAsync(Token);

            var wanted = new SkillTransfer(new("copier"), new("slave-2"), Path.Combine(here, "a.bin"), Path.Combine(folder.FullName, "two", "a.bin"), IsSending: false) { Files = files };
            var back = wanted with { RemotePath = Path.Combine(folder.FullName, "two", "b.bin"), IsSending = true };

            Assert.Null(await host!.TransferAsync(wanted, Token));
            Assert.Null(await host.TransferAsync(back, Token));
            Assert.NotNull(await host.TransferAsync(back with { RemotePath = Path.Combine(folder.FullName, "one", "b.bin") }, Token));
            Assert.Equal(content, await File.ReadAllBytesAsync(wanted.LocalPath, Token));
            Assert.Equal(content, await File.ReadAllBytesAsync(back.RemotePath, Token));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task CutOff_NodeThatComesBack_ServesAgain()
    {
        await using var cluster = await TwoSlaves().StartAsync(Token);

        cluster.CutOff("slave-2");
        var cut = await cluster.InvokeAsync("far", "echo", s_none, Token);
        await cluster.WaitForAsync(registry => registry.Find(new("far")) is null, "the node is gone", Token);
        cluster.Heal("slave-2");
        await cluster.WaitForToolsAsync(["far__echo"], Token);

        Assert.Equal(InvocationError.NotServing, cut.Error);
        Assert.True((await cluster.InvokeAsync("far", "echo", s_none, Token)).IsSuccess);
    }

    [Theory]
    [InlineData(StallDirection.IntoNode, 0)]
    [InlineData(StallDirection.OutOfNode, 1)]
    public async Task Stall_OneWay_LeavesTheOutcomeOpen(StallDirection direction, int begun)
    {
        var calls = 0;
        await using var cluster = await new LuminarysTestClusterBuilder().UseVirtualTime()
            .AddSlave("slave-1", node => node.AddSkill("count", skill => skill.WithMethod("add", (_, _) =>
            {
                Interlocked.Increment(ref calls);
                return new(InvocationResult.Success(s_none));
            })))
            .StartAsync(Token);

        cluster.Stall("slave-1", direction);
        var result = await cluster.InvokeAsync("count", "add", s_none, Token);
        Assert.Equal(InvocationError.OutcomeUnknown, result.Error);
        Assert.Equal(begun, Volatile.Read(ref calls));

        // What was held back comes late, the call maybe before its cancellation. The node has heard nothing of its master for so long that it begins
        // nothing any more; and when it serves again, it knows that the call was given up.
        await cluster.PassAsync(TimeSpan.FromSeconds(20), Token);
        cluster.Heal("slave-1");
        await cluster.WaitForToolsAsync(["count__add"], Token);
        await cluster.PassAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(begun, Volatile.Read(ref calls));
        Assert.True((await cluster.InvokeAsync("count", "add", s_none, Token)).IsSuccess);
    }

    [Fact]
    public async Task Pause_LongerThanTheTimeToLive_IsANodeThatComesBack()
    {
        await using var cluster = await TwoSlaves().StartAsync(Token);

        cluster.Pause("slave-2");
        await cluster.WaitForAsync(registry => registry.Find(new("far")) is null, "the node is gone", Token);
        cluster.Resume("slave-2");
        await cluster.WaitForToolsAsync(["far__echo"], Token);

        Assert.True((await cluster.InvokeAsync("far", "echo", s_none, Token)).IsSuccess);
    }

    // The master goes on with a call in its socket whose caller has its answer long since: the clock echo tells.
    [Fact]
    public async Task C5_SkillCallThatWaitsInAPausedMaster_IsNotBegunAfterItsDeadline()
    {
        var (host, begun) = ((ISkillHost?)null, 0);
        await using var cluster = await new LuminarysTestClusterBuilder().UseVirtualTime()
            .AddSlave("slave-1", node => node.AddSkill("near", skill => skill.WhenLoaded(loaded => host = loaded).WithMethod("echo", (call, _) => new(InvocationResult.Success(call.Payload)))))
            .AddSlave("slave-2", node => node.AddSkill("far", skill => skill.WithMethod("echo", (call, _) =>
            {
                begun++;
                return new(InvocationResult.Success(call.Payload));
            })))
            .StartAsync(Token);
        await cluster.PassAsync(TimeSpan.FromSeconds(12), Token);
        Assert.True((await CallAsync(20)).IsSuccess);

        cluster.Pause("master");
        var late = CallAsync(3);
        await cluster.PassAsync(TimeSpan.FromSeconds(8), Token);
        Assert.NotEqual(InvocationError.None, (await late).Error);
        cluster.Resume("master");
        await cluster.PassAsync(TimeSpan.FromSeconds(3), Token);
        Assert.Equal(1, begun);
        Assert.True((await CallAsync(20)).IsSuccess);

        Task<InvocationResult> CallAsync(int seconds)
        {
            var call = host!.InvokeAsync(
                new(CallId.New(cluster.Time), new("far"), "echo", s_none, new(CallerKind.Skill, new("near")), Deadline.After(TimeSpan.FromSeconds(seconds), cluster.Time)) { Depth = 1 },
                Token).AsTask();
            return seconds == 3 ? call : DriveAsync(cluster, call);
        }
    }

    private static async Task<InvocationResult> DriveAsync(LuminarysTestCluster cluster, Task<InvocationResult> call)
    {
        while (!call.IsCompleted)
        {
            await cluster.PassAsync(TimeSpan.FromMilliseconds(100), Token);
        }

        return await call;
    }

    [Fact]
    public async Task Crash_OfTheMaster_IsSurvived()
    {
        await using var cluster = await TwoSlaves().StartAsync(Token);
        var epoch = cluster.Registry.Version.Epoch;

        await cluster.CrashAsync("master");
        Assert.Same(RegistrySnapshot.Empty, cluster.Registry);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.InvokeAsync("far", "echo", s_none, Token));
        await cluster.RestartAsync("master", Token);
        await cluster.WaitForToolsAsync(["far__echo", "near__echo", "local__echo"], Token);

        Assert.True(cluster.Registry.Version.Epoch > epoch);
        Assert.True((await cluster.InvokeAsync("far", "echo", s_none, Token)).IsSuccess);
    }

    [Fact]
    public async Task Stop_TakesTheSkillsAwayAtOnce()
    {
        await using var cluster = await TwoSlaves().StartAsync(Token);

        await cluster.StopAsync("slave-2", Token);

        Assert.Equal(["local__echo", "near__echo"], cluster.Tools);
    }

    [Fact]
    public async Task Loss_OfMessages_LosesNoAnswer()
    {
        var begun = new ConcurrentDictionary<CallId, int>();
        await using var cluster = await new LuminarysTestClusterBuilder().UseVirtualTime().LoseMessages(0.1, seed: 7)
            .AddSlave("slave-1", node => node.AddSkill("count", skill => skill.WithMethod("add", (call, _) =>
            {
                begun.AddOrUpdate(call.Id, 1, (_, count) => count + 1);
                return new(InvocationResult.Success(s_none));
            })))
            .StartAsync(Token);

        var results = new List<InvocationResult>();
        for (var number = 0; number < 60; number++)
        {
            results.Add(await cluster.InvokeAsync("count", "add", s_none, Token));
        }

        // One call or answer in five is lost; asking what became of the call finds nearly all.
        Assert.InRange(results.Count(result => result.IsSuccess), 55, 60);
        Assert.All(begun.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Loss_OfASkillsCalls_LosesNoAnswer()
    {
        var (host, begun) = ((ISkillHost?)null, new ConcurrentDictionary<CallId, int>());
        await using var cluster = await new LuminarysTestClusterBuilder().UseVirtualTime().LoseMessages(0.1, seed: 7)
            .AddSlave("slave-1", node => node.AddSkill("near", skill => skill.WhenLoaded(loaded => host = loaded)))
            .AddSlave("slave-2", node => node.AddSkill("count", skill => skill.WithMethod("add", (call, _) =>
            {
                begun.AddOrUpdate(call.Id, 1, (_, count) => count + 1);
                return new(InvocationResult.Success(s_none));
            })))
            .StartAsync(Token);

        var results = new List<InvocationResult>();
        for (var number = 0; number < 60; number++)
        {
            results.Add(await CallFromSkillAsync(cluster, host!, "count", "add"));
        }

        // A call crosses the bus four times. What was lost on the way there has certainly not begun, and is said so.
        Assert.InRange(results.Count(result => result.IsSuccess), 40, 60);
        Assert.InRange(results.Count(result => result.Error is InvocationError.OutcomeUnknown), 0, 4);
        Assert.All(begun.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task ResultThatWasLost_IsAskedForWhenTheNodeIsBack()
    {
        var (begun, cluster) = (0, (LuminarysTestCluster?)null);
        ITimer? healing = null;
        await using var started = cluster = await new LuminarysTestClusterBuilder().UseVirtualTime()
            .AddSlave("slave-1", node => node.AddSkill("lost", skill => skill.WithMethod("run", (_, _) =>
            {
                begun++;
                cluster!.CutOff("slave-1");
                healing = cluster.Time.CreateTimer(_ => cluster.Heal("slave-1"), null, TimeSpan.FromMilliseconds(300), Timeout.InfiniteTimeSpan);
                return new(InvocationResult.Success("kept"u8.ToArray()));
            })))
            .StartAsync(Token);

        var result = await cluster.InvokeAsync("lost", "run", s_none, Token);

        healing!.Dispose();
        Assert.True(result.IsSuccess, result.Message);
        Assert.Equal("kept", Encoding.UTF8.GetString(result.Payload.Span));
        Assert.Equal(1, begun);
    }

    [Fact]
    public async Task ResultOfASkillsCallThatWasLost_IsAskedForWhenTheNodeIsBack()
    {
        var (begun, cluster, host) = (0, (LuminarysTestCluster?)null, (ISkillHost?)null);
        ITimer? healing = null;
        await using var started = cluster = await new LuminarysTestClusterBuilder().UseVirtualTime()
            .AddSlave("slave-1", node => node.AddSkill("near", skill => skill.WhenLoaded(loaded => host = loaded)))
            .AddSlave("slave-2", node => node.AddSkill("far", skill => skill.WithMethod("run", (_, _) =>
            {
                begun++;
                cluster!.CutOff("slave-1");
                healing = cluster.Time.CreateTimer(_ => cluster.Heal("slave-1"), null, TimeSpan.FromMilliseconds(1200), Timeout.InfiniteTimeSpan);
                return new(InvocationResult.Success("kept"u8.ToArray()));
            })))
            .StartAsync(Token);

        var result = await CallFromSkillAsync(cluster, host!, "far", "run");

        healing!.Dispose();
        Assert.True(result.IsSuccess, result.Message);
        Assert.Equal("kept", Encoding.UTF8.GetString(result.Payload.Span));
        Assert.Equal(1, begun);
    }

    private static Task<InvocationResult> CallFromSkillAsync(LuminarysTestCluster cluster, ISkillHost host, string skill, string method) => DriveAsync(
        cluster,
        host.InvokeAsync(
            new(CallId.New(cluster.Time), new(skill), method, s_none, new(CallerKind.Skill, new("near")), Deadline.After(TimeSpan.FromSeconds(20), cluster.Time)) { Depth = 1 },
            Token).AsTask());

    [Fact]
    public async Task Events_AndSharedValues_CrossTheCluster()
    {
        var heard = new ConcurrentQueue<SkillEvent>();
        ISkillHost teller = null!, listener = null!;
        await using var cluster = await new LuminarysTestClusterBuilder()
            .UseVirtualTime()
            .AddSlave("slave-1", node => node.AddSkill("teller", skill => skill.WhenLoaded(host => teller = host)))
            .AddSlave("slave-2", node => node.AddSkill("listener", skill => skill.WhenLoaded(host =>
            {
                listener = host;
                host.Subscribe("news", heard.Enqueue);
            })))
            .StartAsync(Token);

        await teller.EmitAsync(new SkillEvent("news", new byte[] { 0xc3 }, new("teller")), Token);
        await cluster.WaitForAsync(_ => !heard.IsEmpty, "the event came", Token);
        var fault = await teller.StoreValueAsync(new("", "counter"), new byte[] { 0x2a }, Token);
        var found = await listener.FindValueAsync(new("", "counter"), Token);

        Assert.Null(fault);
        Assert.Equal([0x2a], found.Value!.Value.ToArray());
    }

    [Fact]
    public async Task Package_RunsInRealTime()
    {
        await using var cluster = await new LuminarysTestClusterBuilder()
            .AddSlave("slave-1", node => node.AddPackage("echo", Path.Combine(AppContext.BaseDirectory, "echo.wasm")))
            .StartAsync(Token);
        await cluster.WaitForToolsAsync(["echo__echo"], Token);

        var result = await cluster.InvokeAsync("echo", "echo", new byte[] { 0x81, 0xa7, (byte)'m', (byte)'e', (byte)'s', (byte)'s', (byte)'a', (byte)'g', (byte)'e', 0xa2, (byte)'h', (byte)'i' }, Token);

        Assert.True(result.IsSuccess, result.Message);
    }

    [Fact]
    public async Task Mistakes_AreTold()
    {
        var builder = new LuminarysTestClusterBuilder().AddSlave("slave-1", node => node.AddSkill("a", _ => { }));
        Assert.Throws<InvalidOperationException>(() => builder.AddSlave("slave-1", _ => { }));
        Assert.Throws<InvalidOperationException>(() => builder.AddSlave("slave-2", node => node.AddSkill("a", _ => { }).AddPackage("b", "/b.wasm")));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.LoseMessages(1.5, 1));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => new LuminarysTestClusterBuilder().UseVirtualTime().AddSlave("s", node => node.AddPackage("b", "/b.wasm")).StartAsync(Token));

        await using var cluster = await builder.UseVirtualTime().StartAsync(Token);
        Assert.Throws<ArgumentException>(() => cluster.CutOff("slave-9"));
        await Assert.ThrowsAsync<TimeoutException>(() => cluster.WaitForToolsAsync(["b__none"], Token));
    }

    private static LuminarysTestClusterBuilder TwoSlaves() => new LuminarysTestClusterBuilder().UseVirtualTime()
        .WithMaster(node => node.AddSkill("local", Echo))
        .AddSlave("slave-1", node => node.AddSkill("near", Echo))
        .AddSlave("slave-2", node => node.AddSkill("far", Echo));

    private static void Echo(ScriptedSkill skill) => skill.WithMethod("echo", (call, _) => new(InvocationResult.Success(call.Payload)));
}
