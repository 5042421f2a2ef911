using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Makes a running skill of a manifest: file, module, first instance, descriptor. Every failure is one line that says where, what and what to do.</summary>
internal sealed class SkillLoader(WasmEngine engine, EpochTicker ticker, RuntimeSetting setting, CancellationToken hardStop)
{
    private readonly ModuleCompiler _compiler = new(engine, setting.Time);
    private readonly Lazy<ModuleCache?> _cache =
        new(() => setting.Options.CacheDirectory is { } directory ? ModuleCache.Open(directory, engine, setting.Logger) : null);

    /// <summary>Loads a skill; the loaded one is null when the result is a failure.</summary>
    public async Task<(SkillLoadResult Result, LoadedSkill? Loaded)> LoadAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken)
    {
        var started = setting.Time.GetTimestamp();
        var (source, error) = await ModuleFile.ReadAsync(manifest.PackagePath, setting.Options.MaxModuleMegabytes, cancellationToken).ConfigureAwait(false);
        if (source is null)
        {
            return Fail(manifest, error!);
        }

        var digest = PackageDigest.Of(source);
        if (manifest.Digest is { } expected && expected != digest)
        {
            return Fail(manifest, $"its SHA-256 is {digest}, the manifest pins {expected}; install the pinned module or change the pin");
        }

        var cached = _cache.Value is { } cache ? await cache.FindAsync(digest, cancellationToken).ConfigureAwait(false) : null;
        var (module, fault) = cached is null ? await CompileAsync(source, digest, cancellationToken).ConfigureAwait(false) : (cached, null);
        if (module is null)
        {
            return Fail(manifest, fault!);
        }

        var outcome = await StartAsync(manifest, host, module, cancellationToken).ConfigureAwait(false);
        if (outcome.Loaded is { } loaded)
        {
            var elapsed = (long)setting.Time.GetElapsedTime(started).TotalMilliseconds;
            Log.SkillLoaded(setting.Logger, manifest.Id.Value, manifest.PackagePath, digest.Hex, elapsed, cached is null ? "the compiler" : "the cache");
        }
        else
        {
            module.Dispose();
        }

        return outcome;
    }

    private async Task<(SkillModule? Module, string? Fault)> CompileAsync(byte[] source, PackageDigest digest, CancellationToken cancellationToken)
    {
        try
        {
            var module = await _compiler.CompileAsync(source, digest, setting.Options.CompileTimeout, cancellationToken).ConfigureAwait(false);
            if (_cache.Value is { } cache)
            {
                await cache.StoreAsync(module, cancellationToken).ConfigureAwait(false);
            }

            return (module, null);
        }
        catch (WasmtimeException exception)
        {
            return (null, $"it is not a valid module: {TrapMap.ToCompileError(exception)}; build it again");
        }
        catch (TimeoutException)
        {
            return (null, $"compiling it took longer than {setting.Options.CompileTimeout.TotalSeconds:0} s; make the module smaller or raise the compile timeout");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Broad on purpose: the engine's binding reads bytes that nobody trusts, and whatever it makes of them is the end of one skill only.
            return (null, $"it cannot be compiled: {TrapMap.ToCompileError(exception)}; build it again with a skill SDK");
        }
    }

    private async Task<(SkillLoadResult Result, LoadedSkill? Loaded)> StartAsync(Manifest manifest, ISkillHost host, SkillModule module, CancellationToken cancellationToken)
    {
        if (module.FindExportFault() is { } exports)
        {
            return Fail(manifest, exports);
        }

        if (engine.FindUnknownImports(module.Module) is { Count: > 0 } unknown)
        {
            return Fail(manifest, $"it imports {string.Join(", ", unknown)}, which this host does not have; build it with a skill SDK of this host's version");
        }

        var warnings = new List<string> { $"{manifest.PackagePath}: a bare module runs unverified; use a signed package in production" };
        var context = CreateContext(manifest, host, warnings);
        var state = new SkillState(context);
        var pool = new InstancePool(
            $"luminarys-guest {manifest.Id}", setting.Options.QueueLength, setting.Time, () => new InstanceSlot(engine, ticker, module, context, state, hardStop), hardStop);
        var outcome = await pool.StartAsync(setting.Options.CompileTimeout, cancellationToken).ConfigureAwait(false);
        if (TryDescribe(manifest, module, outcome, warnings, out var skill, out var error))
        {
            pool.MaxInstances = InstancesOf(manifest, skill.Descriptor);
            var timeout = manifest.Limits.Timeout is { } limit && limit < setting.Options.InvokeTimeout ? limit : setting.Options.InvokeTimeout;
            return (SkillLoadResult.Loaded(skill, [.. warnings]), new LoadedSkill(skill, module, pool, context.Functions, timeout, setting.Time));
        }

        await pool.StopAsync().ConfigureAwait(false);
        await context.Functions.DisposeAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Fail(manifest, error);
    }

    private GuestContext CreateContext(Manifest manifest, ISkillHost host, List<string> warnings)
    {
        var memory = manifest.Limits.MemoryMegabytes ?? setting.Options.MemoryLimitMegabytes;
        var log = new SkillLog(manifest, setting.Logger, setting.Time, setting.Options.SkillLog);
        var services = new SkillServices(
            manifest, setting.Options, new(manifest, setting.Logger), log, setting.Logger, setting.Time, setting.Ports.Files, host, new NoCallbacks())
        {
            GrantedFiles = setting.Ports.Files.Grant(manifest.Permissions.Directories, warnings),
            MaxAnswerBytes = GuestContext.MaxHostAnswerOf(memory),
            LanguageModel = setting.Ports.LanguageModel,
        };
        return new(manifest, memory, log, setting.Logger, setting.Time, new SkillFunctions(services));
    }

    private static bool TryDescribe(
        Manifest manifest,
        SkillModule module,
        StartOutcome outcome,
        List<string> warnings,
        [NotNullWhen(true)] out Skill? skill,
        [NotNullWhen(false)] out string? error)
    {
        skill = null;
        error = outcome.Fault is { } fault ? $"it did not start: {fault.Message}"
            : outcome.Descriptor.Length == 0 ? $"its {GuestAbi.Describe} answered nothing; build it again with a skill SDK"
            : null;
        if (error is not null)
        {
            return false;
        }

        if (!DescriptorCodec.TryRead(outcome.Descriptor, warnings, out var descriptor, out var malformed))
        {
            error = $"its descriptor is malformed ({malformed}); build it again with a skill SDK";
            return false;
        }

        warnings.AddRange(ManifestNames.FindUnknownMethods(manifest, descriptor));
        skill = new Skill(manifest.Id, descriptor, module.Digest, manifest.Description ?? descriptor.Description, manifest.Mcp);
        return true;
    }

    // Callbacks find the connections and variables of the instance that asked for them only if there is just one.
    private int InstancesOf(Manifest manifest, SkillDescriptor descriptor) => descriptor.Methods.Any(method => method.IsCallback)
        ? 1
        : Math.Clamp(Math.Min(manifest.Limits.Instances ?? setting.Options.MaxInstances, manifest.Limits.Concurrency ?? int.MaxValue), 1, 64);

    private static (SkillLoadResult Result, LoadedSkill? Loaded) Fail(Manifest manifest, string error) =>
        (SkillLoadResult.Failed($"skill '{manifest.Id}': {manifest.PackagePath}: {error}"), null);
}
