using System.Collections.Concurrent;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>The modules that are loaded at the moment, so that a package that is deployed many times is compiled and held once. Thread-safe.</summary>
internal sealed class ModuleTable
{
    private readonly ConcurrentDictionary<PackageDigest, SkillModule> _modules = new();

    /// <summary>A module that is in use, with one more user; null when there is none.</summary>
    public SkillModule? Find(PackageDigest digest) => _modules.TryGetValue(digest, out var module) && module.TryShare() ? module : null;

    /// <summary>Offers a new module to later users. Of two that were compiled at once the later one is found; both work.</summary>
    public void Add(SkillModule module) => _modules[module.Digest] = module;
}
