using System.Buffers;
using System.Text;
using Luminarys.Hosting;
using Luminarys.Invocations;
using Luminarys.Skills;
using MessagePack;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wasmtime;
using Caller = Luminarys.Invocations.Caller;

namespace Luminarys.Benchmarks;

/// <summary>
/// A call from the registry to the result (no MCP) of a skill that echoes 64 bytes, beside the raw Wasmtime calls that the same guest needs:
/// <c>skill_alloc</c>, write, <c>skill_handle</c>, read, <c>skill_free</c> twice. Once with a guest in text format that does next to nothing,
/// which shows what the host adds, and once with the AssemblyScript echo skill.
/// </summary>
internal static class LocalInvocation
{
    private const int Calls = 50_000;
    private static readonly byte[] s_arguments = EncodeArguments();

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("luminarys-bench-").FullName;
        try
        {
            var small = Path.Combine(folder, "small.wasm");
            await File.WriteAllBytesAsync(small, Wasmtime.Module.ConvertText(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "echo.wat"))));
            await RunAsync(folder, "minimal guest", small);
            await RunAsync(folder, "AssemblyScript echo", Path.Combine(AppContext.BaseDirectory, "echo.wasm"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(string folder, string name, string module)
    {
        var raw = MeasureRaw(module);
        raw.Print($"floor: raw Wasmtime calls, {name}");
        var manifest = Path.Combine(folder, "echo.yaml");
        await File.WriteAllTextAsync(manifest, $"id: echo-here\npath: {module}\npermissions: {{}}\n");
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddLuminarysMaster().AddManifests(manifest);
        using var host = builder.Build();
        await host.StartAsync();
        var invoker = host.Services.GetRequiredService<IInvoker>();
        var time = host.Services.GetRequiredService<TimeProvider>();

        // The edge makes the invocation; what is measured begins at the registry.
        var invocation = EchoOf64Bytes("echo-here", time);
        async ValueTask CallAsync()
        {
            var result = await invoker.InvokeAsync(invocation, CancellationToken.None);
            if (!result.IsSuccess)
            {
                throw new InvalidOperationException($"{result.Error}: {result.Message}");
            }
        }

        var ours = await Measurement.OfAsync(Calls, CallAsync);
        ours.Print($"LocalInvocation: registry to result, {name}");
        var cold = await Measurement.OfAsync(500, CallAsync, TimeSpan.FromMilliseconds(2));
        cold.Print("  the same, 2 ms between the calls (cold hop)");
        Console.WriteLine($"  added by the host, back to back: {ours.P10 - raw.P10:F0} ns (p10), {ours.Median - raw.Median:F0} ns (p50), {ours.Mean - raw.Mean:F0} ns (mean), {ours.Bytes - raw.Bytes:F0} B");
        await host.StopAsync();
    }

    public static Invocation EchoOf64Bytes(string skill, TimeProvider time) =>
        new(CallId.New(time), new SkillId(skill), "echo", s_arguments, Caller.Edge, Deadline.After(TimeSpan.FromMinutes(1), time));

    public static Measurement MeasureRaw(string path)
    {
        using var engine = new Engine(new Config().WithEpochInterruption(true));
        using var module = Wasmtime.Module.FromFile(engine, path);
        using var linker = new Linker(engine);
        linker.DefineWasi();
        foreach (var import in module.Imports.OfType<FunctionImport>().Where(import => import is { ModuleName: "env", Name: not "abort" }))
        {
            linker.DefineFunction(import.ModuleName, import.Name, (int _, int _) => 0L);
        }

        linker.DefineFunction("env", "abort", (int _, int _, int _, int _) => { });
        using var store = new Store(engine);
        store.SetWasiConfiguration(new WasiConfiguration());
        store.SetEpochDeadline(1_000_000);
        var instance = linker.Instantiate(store, module);
        var alloc = instance.GetFunction<int, int>("skill_alloc")!;
        var free = instance.GetAction<int>("skill_free")!;
        var handle = instance.GetFunction<int, int, long>("skill_handle")!;
        var memory = instance.GetMemory("memory")!;
        var request = EncodeRequest();
        var result = new byte[4096];
        return Measurement.Of(Calls, () =>
        {
            var pointer = alloc(request.Length);
            request.CopyTo(memory.GetSpan(pointer, request.Length));
            var packed = (ulong)handle(pointer, request.Length);
            var (at, length) = ((int)(packed >> 32), (int)(packed & uint.MaxValue));
            memory.GetSpan(at, length).CopyTo(result);
            free(at);
            free(pointer);
        });
    }

    private static byte[] EncodeArguments()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(1);
        writer.Write("message");
        writer.Write(new string('x', 64));
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] EncodeRequest()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(11);
        foreach (var (key, value) in new[]
        {
            ("request_id", "0199b7a2-1111-7000-8000-000000000001"), ("trace_id", ""), ("session_id", ""), ("llm_session_id", ""),
            ("method", "echo"), ("skill_id", "echo-here"), ("caller_id", ""),
        })
        {
            writer.Write(key);
            writer.WriteString(Encoding.UTF8.GetBytes(value));
        }

        writer.Write("version");
        writer.Write(1);
        writer.Write("deadline_ns");
        writer.Write(1_800_000_000_000_000_000);
        writer.Write("state");
        writer.Write(Array.Empty<byte>());
        writer.Write("payload");
        writer.Write(s_arguments);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
