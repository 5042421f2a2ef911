using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.Commands;
using Luminarys.Skills;
using Luminarys.Skills.Descriptors;
using Microsoft.Extensions.Logging;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Makes a running skill of a manifest: file, module, first instance, descriptor. Every failure is one line that says where, what and what to do.</summary>
internal sealed class SkillLoader(WasmEngine engine, EpochTicker ticker, RuntimeSetting setting, CancellationToken hardStop)
{
    private readonly ModuleCompiler _compiler = new(engine, setting.Time);
    private readonly ModuleTable _modules = new();
    private readonly SkillAssembler _assembler = new(setting);
    private readonly Lazy<ModuleCache?> _cache =
        new(() => setting.Options.CacheDirectory is { } directory ? ModuleCache.Open(directory, engine, setting.Logger) : null);

    /// <summary>Loads a skill; the loaded one is null when the result is a failure. Of what a failure or an exception leaves, nothing stays.</summary>
    /// <param name="manifest">What to load.</param>
    /// <param name="host">What the node does for it.</param>
    /// <param name="before">The version that it takes over from; null when there is none.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<(SkillLoadResult Result, LoadedSkill? Loaded)> LoadAsync(
        Manifest manifest, ISkillHost host, LoadedSkill? before, CancellationToken cancellationToken)
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

        if (CacheCover.FindGrant(manifest, setting.Options.CacheDirectory) is { } grant)
        {
            return Fail(manifest, $"its grant {grant} reaches the host's own cache of native code; grant less, or move runtime.cache_dir");
        }

        var (module, fault, from) = await ObtainAsync(source, digest, cancellationToken).ConfigureAwait(false);
        if (module is null)
        {
            return Fail(manifest, fault!);
        }

        var isLoaded = false;
        try
        {
            var outcome = await StartAsync(manifest, host, module, before, cancellationToken).ConfigureAwait(false);
            isLoaded = outcome.Loaded is not null;
            if (isLoaded)
            {
                var elapsed = (long)setting.Time.GetElapsedTime(started).TotalMilliseconds;
                Log.SkillLoaded(setting.Logger, manifest.Id.Value, manifest.PackagePath, digest.Hex, elapsed, from);
            }

            return outcome;
        }
        finally
        {
            if (!isLoaded)
            {
                module.Dispose();
            }
        }
    }

    // From another skill of the same package, from the cache, from the compiler.
    private async Task<(SkillModule? Module, string? Fault, string From)> ObtainAsync(byte[] source, PackageDigest digest, CancellationToken cancellationToken)
    {
        if (_modules.Find(digest) is { } shared)
        {
            return (shared, null, "another skill");
        }

        var cached = _cache.Value is { } cache ? await cache.FindAsync(digest, cancellationToken).ConfigureAwait(false) : null;
        var (module, fault) = cached is null ? await CompileAsync(source, digest, cancellationToken).ConfigureAwait(false) : (cached, null);
        if (module is not null)
        {
            _modules.Add(module);
        }

        return (module, fault, cached is null ? "the compiler" : "the cache");
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

    private async Task<(SkillLoadResult Result, LoadedSkill? Loaded)> StartAsync(
        Manifest manifest, ISkillHost host, SkillModule module, LoadedSkill? before, CancellationToken cancellationToken)
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
        var gate = _assembler.CreateGate(manifest);
        var (context, background) = _assembler.Assemble(manifest, gate, host, warnings);
        var pool = new InstancePool(
            $"luminarys-guest {manifest.Id}", setting.Options.QueueLength, setting.Time, () => new InstanceSlot(engine, ticker, module, context, hardStop), hardStop)
        {
            Work = background.Work,
        };
        var isLoaded = false;
        try
        {
            var outcome = await pool.StartAsync(setting.Options.CompileTimeout, cancellationToken).ConfigureAwait(false);
            if (TryDescribe(manifest, module, outcome, warnings, out var skill, out var error)
                && (error = FindUnmet(manifest, skill.Descriptor, warnings)) is null
                && (error = host.Refuse(skill)) is null
                && (error = await RestoreAsync(context, before, skill.Descriptor, cancellationToken).ConfigureAwait(false)) is null
                && (error = await LoadSchedulesAsync(background, cancellationToken).ConfigureAwait(false)) is null)
            {
                pool.MaxInstances = InstancesOf(manifest, module, skill.Descriptor);
                var loaded = new LoadedSkill(skill, module, pool, _assembler.Admit(manifest, gate, skill.Descriptor), background, context.State)
                {
                    IsExclusive = MayConnect(manifest, module),
                };
                background.Callbacks.Bind(loaded);
                isLoaded = true;
                return (SkillLoadResult.Loaded(skill, [.. warnings]), loaded);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return Fail(manifest, error!);
        }
        finally
        {
            if (!isLoaded)
            {
                await Task.WhenAll(background.StopAsync(), pool.StopAsync()).ConfigureAwait(false);
                await background.Functions.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private string? FindUnmet(Manifest manifest, SkillDescriptor descriptor, List<string> warnings)
    {
        var report = RequirementCheck.Check(descriptor, manifest, setting.Ports.LanguageModel is not null);
        warnings.AddRange(report.Warnings);
        return report.IsMet ? null : string.Join("; ", report.Unmet);
    }

    // Versions of one package share the state in memory as its instances do, so that calls that still run on the version before neither lose what
    // they store nor hide what calls of this one have stored.
    private static async Task<string?> RestoreAsync(GuestContext context, LoadedSkill? before, SkillDescriptor descriptor, CancellationToken cancellationToken)
    {
        if (before is not null && before.Skill.Descriptor.Package == descriptor.Package)
        {
            context.State = before.State;
            return null;
        }

        try
        {
            await context.State.LoadAsync(descriptor.Package, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (IOException exception)
        {
            return $"its stored state cannot be read: {exception.Message}; repair or replace the database";
        }
    }

    private static async Task<string?> LoadSchedulesAsync(SkillBackground background, CancellationToken cancellationToken)
    {
        try
        {
            await background.Schedules.LoadAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (IOException exception)
        {
            return $"its schedules cannot be read: {exception.Message}; repair or replace the database";
        }
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
    private int InstancesOf(Manifest manifest, SkillModule module, SkillDescriptor descriptor) =>
        MayConnect(manifest, module) || descriptor.Methods.Any(method => method.IsCallback)
            ? 1
            : Math.Clamp(Math.Min(manifest.Limits.Instances ?? setting.Options.MaxInstances, manifest.Limits.Concurrency ?? int.MaxValue), 1, 64);

    private static bool MayConnect(Manifest manifest, SkillModule module) =>
        module.Connects && (manifest.Permissions.Tcp is not null || manifest.Permissions.Http?.AllowWebSocket == true);

    private static (SkillLoadResult Result, LoadedSkill? Loaded) Fail(Manifest manifest, string error) =>
        (SkillLoadResult.Failed($"skill '{manifest.Id}': {manifest.PackagePath}: {error}"), null);
}
