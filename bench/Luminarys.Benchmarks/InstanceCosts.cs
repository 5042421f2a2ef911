using System.Diagnostics;
using Luminarys.Files;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Skills;
using Luminarys.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Luminarys.Benchmarks;

/// <summary>What instances cost: a thousand that rest, and one that is made for a single call.</summary>
internal static class InstanceCosts
{
    private const int Idle = 1000;
    private const int Calls = 20_000;

    private static readonly IFileAccess s_files = new ServiceCollection().AddFileAccess(_ => { }).BuildServiceProvider().GetRequiredService<IFileAccess>();

    public static async Task RunAsync()
    {
        var echo = Path.Combine(AppContext.BaseDirectory, "echo.wasm");
        await MeasureFreshAsync("AssemblyScript echo", echo);
        await MeasureIdleAsync(echo);
    }

    private static async Task MeasureIdleAsync(string module)
    {
        await using var runtime = Make(new WasmRuntimeOptions());
        await LoadAsync(runtime, "first", module);
        var before = ResidentBytes();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Idle; i++)
        {
            await LoadAsync(runtime, $"echo-{i}", module);
            await runtime.InvokeAsync(LocalInvocation.EchoOf64Bytes($"echo-{i}", TimeProvider.System), CancellationToken.None);
        }

        var after = ResidentBytes();
        Console.WriteLine(
            $"{Idle} instances at rest: {(after - before) >> 20} MiB over the base of {before >> 20} MiB, {Stopwatch.GetElapsedTime(started).TotalMilliseconds / Idle:F2} ms for each to load and be called");
    }

    // On a thread with the stack of a guest's, as the runtime would: making the instance, one call, the end of it.
    private static async Task MeasureFreshAsync(string name, string path)
    {
        var raw = LocalInvocation.MeasureRaw(path);
        raw.Print($"floor: raw Wasmtime calls, one instance, {name}");
        var measured = new TaskCompletionSource<(Measurement Pooled, Measurement Fresh)>();
        new Thread(() => measured.SetResult((MeasureSlot(path, fresh: false), MeasureSlot(path, fresh: true))), 8 << 20).Start();
        var (pooled, fresh) = await measured.Task;
        pooled.Print("one instance for all calls, without the change of threads");
        fresh.Print("a fresh instance for each call");
        Console.WriteLine($"  added to raw calls: {pooled.Median - raw.Median:F0} ns (pooled), {fresh.Median - raw.Median:F0} ns (fresh)");
    }

    private static Measurement MeasureSlot(string path, bool fresh)
    {
        using var engine = new WasmEngine(TimeProvider.System);
        var ticker = new EpochTicker(engine.Engine, () => { });
        using var module = new SkillModule(Wasmtime.Module.FromFile(engine.Engine, path), new PackageDigest(""));
        var manifest = new Manifest(new SkillId("echo"), "", path);
        var setting = new RuntimeSetting(new WasmRuntimeOptions(), Ports(), NullLogger.Instance, TimeProvider.System);
        var assembler = new SkillAssembler(setting);
        var (context, _) = assembler.Assemble(manifest, assembler.CreateGate(manifest), new NoHost(), []);
        var call = new GuestCall(new InstancePool("bench", 1, TimeProvider.System, () => throw new InvalidOperationException(), CancellationToken.None));
        var slot = new InstanceSlot(engine, ticker, module, context, CancellationToken.None);
        call.Begin(LocalInvocation.EchoOf64Bytes("echo", TimeProvider.System), long.MaxValue, CancellationToken.None);
        var measurement = Measurement.Of(Calls, () =>
        {
            if (fresh)
            {
                slot.Dispose();
                slot = new InstanceSlot(engine, ticker, module, context, CancellationToken.None);
            }

            var result = slot.Run(call);
            if (!result.IsSuccess)
            {
                throw new InvalidOperationException(result.Message);
            }
        });
        slot.Dispose();
        ticker.StopAsync().GetAwaiter().GetResult();
        return measurement;
    }

    private static async Task LoadAsync(WasmSkillRuntime runtime, string id, string module)
    {
        var result = await runtime.LoadAsync(new Manifest(new SkillId(id), "", module), new NoHost(), CancellationToken.None);
        if (result.Skill is null)
        {
            throw new InvalidOperationException(result.Error);
        }
    }

    private static WasmSkillRuntime Make(WasmRuntimeOptions options) =>
        new(Options.Create(options), Ports(), NullLogger<WasmSkillRuntime>.Instance, TimeProvider.System);

    private static RuntimePorts Ports() => new(s_files, new MemoryStateStore());

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
