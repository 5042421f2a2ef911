using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Commands;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Makes a running skill of a manifest: file, module, first instance, descriptor. Every failure is one line that says where, what and what to do.</summary>
internal sealed class SkillLoader(WasmEngine engine, EpochTicker ticker, RuntimeSetting setting, CancellationToken hardStop)
{
    private readonly ModuleCompiler _compiler = new(engine, setting.Time);
    private readonly PackageAdmission _admission = new(setting);
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
        var (admitted, error) = await _admission.AdmitAsync(manifest, cancellationToken).ConfigureAwait(false);
        if (admitted is null)
        {
            return Fail(manifest, error!);
        }

        if (CacheCover.FindGrant(manifest, setting.Options.CacheDirectory) is { } grant)
        {
            return Fail(manifest, $"its grant {grant} reaches the host's own cache of native code; grant less, or move runtime.cache_dir");
        }

        if (OwnPlaces.FindFault(manifest, setting.Options) is { } reached)
        {
            return Fail(manifest, reached);
        }

        var (module, fault, from) = await ObtainAsync(admitted.Module, admitted.Digest, cancellationToken).ConfigureAwait(false);
        if (module is null)
        {
            return Fail(manifest, fault!);
        }

        var isLoaded = false;
        try
        {
            var outcome = await StartAsync(manifest, host, module, admitted, before, cancellationToken).ConfigureAwait(false);
            isLoaded = outcome.Loaded is not null;
            if (isLoaded)
            {
                var elapsed = (long)setting.Time.GetElapsedTime(started).TotalMilliseconds;
                await _admission.RememberAsync(admitted).ConfigureAwait(false);
                Log.SkillLoaded(setting.Logger, manifest.Id.Value, manifest.PackagePath, admitted.Digest.Hex, elapsed, from);
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
    private async Task<(SkillModule? Module, string? Fault, string From)> ObtainAsync(ReadOnlyMemory<byte> source, PackageDigest digest, CancellationToken cancellationToken)
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

    private async Task<(SkillModule? Module, string? Fault)> CompileAsync(ReadOnlyMemory<byte> source, PackageDigest digest, CancellationToken cancellationToken)
    {
        Log.CompilationBegan(setting.Logger, digest.Hex);
        var (module, fault) = await _compiler.TryCompileAsync(source, digest, setting.Options.CompileTimeout, cancellationToken).ConfigureAwait(false);
        if (module is not null && _cache.Value is { } cache)
        {
            await cache.StoreAsync(module, cancellationToken).ConfigureAwait(false);
        }

        return (module, fault);
    }

    private async Task<(SkillLoadResult Result, LoadedSkill? Loaded)> StartAsync(
        Manifest manifest, ISkillHost host, SkillModule module, AdmittedModule admitted, LoadedSkill? before, CancellationToken cancellationToken)
    {
        if (engine.FindFault(module) is { } unfit)
        {
            return Fail(manifest, unfit);
        }

        var warnings = admitted.Warnings.ToList();
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
            if (TryDescribe(manifest, admitted, outcome, warnings, out var skill, out var error)
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

    private bool TryDescribe(
        Manifest manifest,
        AdmittedModule admitted,
        StartOutcome outcome,
        List<string> warnings,
        [NotNullWhen(true)] out Skill? skill,
        [NotNullWhen(false)] out string? error)
    {
        skill = null;
        if (!StartReport.TryRead(outcome, warnings, out var descriptor, out error))
        {
            return false;
        }

        error = _admission.FindDifference(admitted, descriptor);
        if (error is not null)
        {
            return false;
        }

        warnings.AddRange(ManifestNames.FindUnknownMethods(manifest, descriptor));
        skill = new Skill(manifest.Id, admitted.Descriptor ?? descriptor, admitted.Digest, manifest.Description ?? descriptor.Description, manifest.Mcp)
        {
            Signer = admitted.Package?.Key,
            IsTrusted = admitted.IsTrusted,
            MethodSettings = manifest.Methods,
        };
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
