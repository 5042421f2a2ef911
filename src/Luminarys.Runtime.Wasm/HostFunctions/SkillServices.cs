using Luminarys.Manifests;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>What the families of host functions of one skill have in common.</summary>
/// <param name="Manifest">The skill's manifest.</param>
/// <param name="Options">The host's settings.</param>
/// <param name="Gate">Judges and logs.</param>
/// <param name="Log">The skill's own lines.</param>
/// <param name="Logger">The host's log.</param>
/// <param name="Time">The clock.</param>
/// <param name="Files">File access. Not owned.</param>
/// <param name="Host">The node. Not owned.</param>
/// <param name="Callbacks">The way back to the skill.</param>
internal sealed record SkillServices(
    Manifest Manifest,
    WasmRuntimeOptions Options,
    PermissionGate Gate,
    SkillLog Log,
    ILogger Logger,
    TimeProvider Time,
    IFileAccess Files,
    ISkillHost Host,
    ISkillCallbacks Callbacks)
{
    /// <summary>The files of the manifest's <c>fs.dirs</c>, for all families. Owned by the skill's functions, which dispose it after the families.</summary>
    public required IGrantedFiles GrantedFiles { get; init; }

    /// <summary>Largest answer that the guest takes, in bytes: what would be larger is refused before it is read.</summary>
    public required int MaxAnswerBytes { get; init; }

    /// <summary>The language model that an application lends; null without one. Not owned.</summary>
    public ILanguageModel? LanguageModel { get; init; }
}
