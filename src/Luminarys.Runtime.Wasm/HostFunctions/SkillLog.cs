using Luminarys.Diagnostics;
using Luminarys.Manifests;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// The host's log as one skill sees it: lines in a bounded number and length, with control characters made visible and without the values of the
/// manifest's secrets. Thread-safe.
/// </summary>
internal sealed class SkillLog(Manifest manifest, ILogger logger, TimeProvider time, bool skillLines, LogDefences? defences = null)
{
    private const int MaxLength = 8 * 1024;

    private readonly Redaction _redaction = (defences ?? LogDefences.All).HidesSecrets ? Redaction.Of(manifest) : Redaction.None;
    private readonly LineBudget _budget = new(time, defences ?? LogDefences.All);

    /// <summary>Writes a line that the skill asked to log; does nothing when the host does not want them.</summary>
    public void Write(LogLevel level, string request, string message)
    {
        if (skillLines && logger.IsEnabled(level) && HasBudget())
        {
            var line = Clean(message);
            Log.SkillWrote(logger, level, manifest.Id.Value, request, line);
        }
    }

    /// <summary>Writes a line of the guest's standard output or error.</summary>
    public void WriteOutput(string line)
    {
        if (logger.IsEnabled(LogLevel.Debug) && HasBudget())
        {
            line = Clean(line);
            Log.SkillPrinted(logger, manifest.Id.Value, line);
        }
    }

    /// <summary>Replaces the values of secrets, also where they are encoded.</summary>
    public string Mask(string text) => _redaction.Apply(text);

    private string Clean(string text) => LogText.Visible(_redaction.Apply(text, 2 * MaxLength), MaxLength);

    private bool HasBudget()
    {
        var hasBudget = _budget.TryTake(out var dropped);
        if (dropped > 0)
        {
            Log.SkillLinesDropped(logger, manifest.Id.Value, dropped);
        }

        return hasBudget;
    }
}
