using Luminarys.Manifests;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>What the families of host functions of one skill have in common.</summary>
internal sealed record SkillServices
{
    /// <summary>The skill's manifest.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>The host's settings.</summary>
    public required WasmRuntimeOptions Options { get; init; }

    /// <summary>Judges and logs.</summary>
    public required PermissionGate Gate { get; init; }

    /// <summary>The skill's own lines.</summary>
    public required SkillLog Log { get; init; }

    /// <summary>The host's log.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>File access. Not owned.</summary>
    public required IFileAccess Files { get; init; }

    /// <summary>The node. Not owned.</summary>
    public required ISkillHost Host { get; init; }

    /// <summary>The way back to the skill.</summary>
    public required ISkillCallbacks Callbacks { get; init; }

    /// <summary>The files of the manifest's <c>fs.dirs</c>, for all families. Owned by the skill's functions, which dispose it after the families.</summary>
    public required IGrantedFiles GrantedFiles { get; init; }

    /// <summary>Largest answer that the guest takes, in bytes: what would be larger is refused before it is read.</summary>
    public required int MaxAnswerBytes { get; init; }

    /// <summary>The language model that an application lends; null without one. Not owned.</summary>
    public ILanguageModel? LanguageModel { get; init; }
}
