using Luminarys.Ports;
using Luminarys.Skills.Trust;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>What the runtime uses of the application. Nothing of it is owned.</summary>
/// <param name="Files">File access.</param>
/// <param name="States">Keeps states and schedules.</param>
/// <param name="LanguageModel">A model that the application lends; null without one.</param>
/// <param name="Audit">Takes what an auditor must find; null without one.</param>
internal sealed record RuntimePorts(IFileAccess Files, IStateStore States, ILanguageModel? LanguageModel = null, AuditLog? Audit = null)
{
    /// <summary>Watches what skills do; null without one.</summary>
    public ISkillObserver? Observer { get; init; }

    /// <summary>Whose signatures the operator trusts; null without a trust folder.</summary>
    public ITrustSource? Trust { get; init; }

    /// <summary>All, but in tests.</summary>
    public TrustDefences Defences { get; init; } = TrustDefences.All;
}
