using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// Asks modules what they are, each in an engine of its own that ends with it: without a grant, a host, a place to keep anything, and within the
/// limits that hold for every start.
/// </summary>
internal sealed class SkillInspector(IOptions<WasmRuntimeOptions> options, IFileAccess files, ILogger<SkillInspector> logger, TimeProvider time) : ISkillInspector
{
    private static readonly Manifest s_manifest = new(new SkillId("inspected"), "", "");

    /// <inheritdoc/>
    public async ValueTask<SkillInspection> InspectAsync(ReadOnlyMemory<byte> module, CancellationToken cancellationToken)
    {
        if (module.Length > (long)options.Value.MaxModuleMegabytes << 20)
        {
            return Fail($"it has {module.Length} bytes, {options.Value.MaxModuleMegabytes} MiB are allowed; make it smaller or raise the module size limit");
        }

        if (ModuleFile.FindFault(module.Span) is { } fault)
        {
            return Fail(fault);
        }

        using var engine = new WasmEngine(time);
        var ticker = new EpochTicker(engine.Engine, static () => { });
        try
        {
            return await InspectAsync(module.ToArray(), engine, ticker, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ticker.StopAsync().ConfigureAwait(false);
        }
    }

    private async Task<SkillInspection> InspectAsync(byte[] source, WasmEngine engine, EpochTicker ticker, CancellationToken cancellationToken)
    {
        var limit = options.Value.CompileTimeout;
        var (module, fault) = await new ModuleCompiler(engine, time).TryCompileAsync(source, PackageDigest.Of(source), limit, cancellationToken).ConfigureAwait(false);
        if (module is null)
        {
            return Fail(fault!);
        }

        using (module)
        {
            return engine.FindFault(module) is { } unfit ? Fail(unfit) : await StartAsync(module, engine, ticker, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<SkillInspection> StartAsync(SkillModule module, WasmEngine engine, EpochTicker ticker, CancellationToken cancellationToken)
    {
        var assembler = new SkillAssembler(new(options.Value, new(files, new MemoryStateStore()), logger, time));
        using var host = new SecludedHost();
        List<string> warnings = [];
        var (context, background) = assembler.Assemble(s_manifest, assembler.CreateGate(s_manifest), host, warnings);
        var pool = new InstancePool(
            "luminarys-inspect", 1, time, () => new InstanceSlot(engine, ticker, module, context, CancellationToken.None), CancellationToken.None);
        try
        {
            var outcome = await pool.StartAsync(options.Value.CompileTimeout, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return StartReport.TryRead(outcome, warnings, out var descriptor, out var error) ? new(descriptor, null, [.. warnings]) : Fail(error);
        }
        finally
        {
            await Task.WhenAll(background.StopAsync(), pool.StopAsync()).ConfigureAwait(false);
            await background.Functions.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static SkillInspection Fail(string error) => new(null, error, []);
}
