using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Skills;
using Luminarys.Skills.Descriptors;
using Luminarys.Skills.Packages;
using Luminarys.Skills.Trust;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Decides which files reach the engine. Everything here happens before a byte of WebAssembly is parsed. Every refusal says what to do.</summary>
internal sealed class PackageAdmission(RuntimeSetting setting)
{
    private readonly TrustDesk _desk = new(setting);
    private readonly VersionLedger _versions = new(setting);

    private TrustDefences Defences => setting.Ports.Defences;

    /// <summary>Reads and judges the file of a manifest.</summary>
    public async Task<(AdmittedModule? Module, string? Error)> AdmitAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var (file, error) = await ModuleFile.ReadAsync(manifest.PackagePath, setting.Options.MaxModuleMegabytes, cancellationToken).ConfigureAwait(false);
        if (file is null)
        {
            return (null, error);
        }

        var (store, refusal) = await _desk.ReviewAsync(cancellationToken).ConfigureAwait(false);
        if (store is null)
        {
            return (null, refusal);
        }

        var isPackage = SkillPackageReader.IsPackage(file) || (ModuleFile.IsNamedPackage(manifest.PackagePath) && Defences.RefusesUnsigned);
        return isPackage ? await AdmitPackageAsync(manifest, file, store, cancellationToken).ConfigureAwait(false) : AdmitBare(manifest, file);
    }

    /// <summary>Remembers what has loaded: no lower version of it loads after.</summary>
    public Task RememberAsync(AdmittedModule module) => module.Package is { } package ? _versions.RememberAsync(package) : Task.CompletedTask;

    /// <summary>Why what a module says of itself is not what was signed, and what to do; null when it is, or nothing was signed.</summary>
    public string? FindDifference(AdmittedModule module, SkillDescriptor described) =>
        Defences.ComparesDescriptors && module.Descriptor is { } signed && !CanonicalDescriptor.Write(signed).AsSpan().SequenceEqual(CanonicalDescriptor.Write(described))
            ? "what the module says of itself is not what was signed; sign it again: lmsk sign"
            : null;

    private (AdmittedModule? Module, string? Error) AdmitBare(Manifest manifest, byte[] file)
    {
        if (setting.Options.OnlyTrustedPackages && Defences.RefusesUnsigned)
        {
            return (null, "it is a bare module, and this host loads only packages signed with a listed key (skills_trust: listed); sign it: lmsk sign");
        }

        var digest = PackageDigest.Of(file);
        var fault = ModuleFile.FindFault(file) ?? FindPinFault(manifest, digest, digest);
        return fault is null
            ? (new(file, digest) { Warnings = [$"{manifest.PackagePath}: a bare module runs unverified; use a signed package in production"] }, null)
            : (null, fault);
    }

    private async Task<(AdmittedModule? Module, string? Error)> AdmitPackageAsync(
        Manifest manifest, byte[] file, TrustStore store, CancellationToken cancellationToken)
    {
        var result = SkillPackageReader.Read(file, Defences);
        if (result.Package is not { } package)
        {
            return (null, result.Fault);
        }

        var verdict = store.Judge(package, setting.Time.GetUtcNow());
        var mayLoad = verdict.IsTrusted || !(verdict.IsRefused || (setting.Options.OnlyTrustedPackages && Defences.RefusesUnknownKeys));
        var fault = FindPinFault(manifest, package.Digest, package.FileDigest) ?? (mayLoad ? null : verdict.Reason) ?? ModuleFile.FindFault(package.Content.Module.Span);
        if (fault is not null || (fault = ReadDescriptor(package, out var descriptor)) is not null)
        {
            return (null, fault);
        }

        ImmutableArray<string> warnings = verdict.IsTrusted ? [] : [$"{manifest.PackagePath}: untrusted: {verdict.Reason}"];
        if (Defences.RefusesDowngrades && await _versions.FindFaultAsync(package, cancellationToken).ConfigureAwait(false) is { } downgrade)
        {
            if (!manifest.AllowDowngrade)
            {
                return (null, downgrade);
            }

            warnings = warnings.Add($"{manifest.PackagePath}: loaded because of allow_downgrade: {downgrade}");
        }

        return (new(package.Content.Module, package.Digest) { Package = package, Descriptor = descriptor, IsTrusted = verdict.IsTrusted, Warnings = warnings }, null);
    }

    private string? FindPinFault(Manifest manifest, PackageDigest module, PackageDigest file) =>
        Defences.ChecksPins && manifest.Digest is { } pinned && pinned != module && pinned != file
            ? $"its SHA-256 is {module}{(file == module ? "" : $" (module) or {file} (file)")}, the manifest pins {pinned}; install the pinned one or change the pin"
            : null;

    // Its warnings come once, from what the module says of itself: that must be the same.
    private string? ReadDescriptor(SkillPackage package, out SkillDescriptor? descriptor)
    {
        var (id, version) = (package.Content.Id, package.Content.Version);
        return !DescriptorCodec.TryRead(package.Content.Descriptor, new List<string>(), out descriptor, out var malformed)
            ? $"its signed descriptor is malformed ({malformed}); sign it again: lmsk sign"
            : Defences.ComparesNames && (descriptor.Package != id || descriptor.Version != version)
                ? $"its header names {id} {version}, its descriptor {descriptor.Package} {descriptor.Version}; sign it again: lmsk sign"
                : null;
    }
}
