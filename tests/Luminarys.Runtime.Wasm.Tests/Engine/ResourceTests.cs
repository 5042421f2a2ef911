using Luminarys.Invocations;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

/// <summary>Counts what the process holds, so that nothing else may run meanwhile.</summary>
[Collection(nameof(ResourceTests))]
[CollectionDefinition(nameof(ResourceTests), DisableParallelization = true)]
public sealed class ResourceTests
{
    [Fact]
    public async Task DisposeAsync_AfterUse_LeavesNoThreadAndNoHandle()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await UseAsync();
        var handles = Directory.GetFiles("/proc/self/fd").Length;
        var busy = 0;

        for (var i = 0; i < 5; i++)
        {
            busy = Math.Max(busy, await UseAsync());
        }

        await NoneLeftAsync();
        Assert.True(busy >= 4, $"Only {busy} threads were seen at work.");
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, handles + 3);
    }

    [Fact]
    public async Task Idle_1000InstancesOfOneSkill_TakeLessThan300MegabytesTogether()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads the resident memory of the process.");
        await using var harness = new RuntimeHarness();
        await LoadAsync(harness, "first");
        GC.Collect();
        var before = Environment.WorkingSet;

        for (var i = 0; i < 1000; i++)
        {
            await LoadAsync(harness, $"echo-{i}");
        }

        GC.Collect();
        Assert.InRange((Environment.WorkingSet - before) >> 20, long.MinValue, 300);
    }

    [Fact]
    public async Task Invoke_1MegabyteThereAndBack_MakesOneCopyOnTheHost()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");
        var payload = new byte[1 << 20];
        await harness.InvokeAsync("echo", payload);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(payload.Length, (await harness.InvokeAsync("echo", payload)).Payload.Length);
        }

        // Into the guest, out of it: the second copy is the only one that takes memory of the host.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 20L << 20, 22L << 20);
    }

    private static async Task LoadAsync(RuntimeHarness harness, string id)
    {
        var skill = new SkillId(id);
        Assert.Null((await harness.LoadAsync("echo", manifest => manifest with { Id = skill })).Error);
        Assert.True((await harness.Runtime.InvokeAsync(harness.Call("echo") with { Skill = skill }, TestContext.Current.CancellationToken)).IsSuccess);
    }

    // Answers how many threads of the runtime there were.
    private static async Task<int> UseAsync()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.MaxInstances = 3);
        using var caller = new CancellationTokenSource();
        var running = Enumerable.Range(0, 3).Select(_ => harness.Runtime.InvokeAsync(harness.Call("sleep"), caller.Token).AsTask()).ToArray();
        var threads = OwnThreads().Length;
        await caller.CancelAsync();
        Assert.All(await Task.WhenAll(running), result => Assert.Equal(InvocationError.Cancelled, result.Error));
        return threads;
    }

    // The engine's own compiler threads live as long as the process and inherit the name of the thread that first compiled.
    private static string[] OwnThreads() =>
    [
        .. Directory.GetDirectories("/proc/self/task").Select(ReadName)
            .Where(name => name.StartsWith("luminarys", StringComparison.Ordinal) && !"luminarys-compile".StartsWith(name, StringComparison.Ordinal)),
    ];

    private static string ReadName(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task NoneLeftAsync()
    {
        for (var left = 200; left > 0 && OwnThreads().Length > 0; left--)
        {
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        Assert.Empty(OwnThreads());
    }
}
