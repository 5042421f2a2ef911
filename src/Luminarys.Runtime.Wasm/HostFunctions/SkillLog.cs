using System.Collections.Immutable;
using System.Text;
using Luminarys.Manifests;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// The host's log as one skill sees it: lines in a bounded number and length, without control characters and without the values of the
/// manifest's secrets. Thread-safe.
/// </summary>
internal sealed class SkillLog(Manifest manifest, ILogger logger, TimeProvider time, bool skillLines)
{
    private const int LinesPerSecond = 100;
    private const int MaxLength = 8 * 1024;

    private readonly Lock _gate = new();
    private readonly ImmutableArray<string> _secrets =
        [.. manifest.Secrets.Select(key => manifest.Permissions.Environment.GetValueOrDefault(key, "")).Where(value => value.Length > 0)];

    private long _second = long.MinValue;
    private int _lines;

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

    /// <summary>Replaces the values of secrets.</summary>
    public string Mask(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return text;
    }

    private string Clean(string text)
    {
        var line = new StringBuilder(Mask(text));
        line.Length = Math.Min(line.Length, MaxLength);
        for (var i = 0; i < line.Length; i++)
        {
            if (char.IsControl(line[i]))
            {
                line[i] = ' ';
            }
        }

        return line.ToString();
    }

    private bool HasBudget()
    {
        var second = time.GetTimestamp() / time.TimestampFrequency;
        int dropped;
        lock (_gate)
        {
            if (second == _second)
            {
                return ++_lines <= LinesPerSecond;
            }

            dropped = _lines - LinesPerSecond;
            _second = second;
            _lines = 1;
        }

        if (dropped > 0)
        {
            Log.SkillLinesDropped(logger, manifest.Id.Value, dropped);
        }

        return true;
    }
}
