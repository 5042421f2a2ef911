using System.Text;
using Luminarys.Transfers;

namespace Luminarys.Cli.Transfers;

/// <summary>Shows how far a transfer is: one line that changes on a terminal, and elsewhere a line now and then.</summary>
/// <param name="output">Where.</param>
/// <param name="isTerminal">Whether that is a terminal.</param>
/// <param name="time">Clock.</param>
internal sealed class ProgressLine(TextWriter output, bool isTerminal, TimeProvider time)
{
    private const int BarWidth = 24;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    private long? _shownAt;
    private int _width;
    private (TransferState State, int Attempt) _shown;

    /// <summary>Shows it.</summary>
    public void Show(TransferProgress progress)
    {
        if (isTerminal)
        {
            Redraw(progress.State == TransferState.Waiting ? Waiting(progress) : Bar(progress));
            return;
        }

        var isNew = _shown != (progress.State, progress.Attempt);
        if (progress.State != TransferState.Ended && (isNew || _shownAt is not { } at || time.GetElapsedTime(at) >= s_every))
        {
            (_shownAt, _shown) = (time.GetTimestamp(), (progress.State, progress.Attempt));
            output.WriteLine(progress.State == TransferState.Waiting ? Waiting(progress) : TransferText.Amounts(progress).TrimStart());
        }
    }

    /// <summary>Leaves the line; the next output begins on a new one.</summary>
    public void End()
    {
        if (_width > 0)
        {
            output.WriteLine();
        }
    }

    private static string Waiting(TransferProgress progress) => progress.Attempt == 0 ? "waiting for its turn"
        : $"attempt {progress.Attempt} failed ({(progress.Text.Length > 0 ? progress.Text : progress.Fault)}); the next one comes in a moment";

    private static string Bar(TransferProgress progress)
    {
        var full = TransferText.Percent(progress) * BarWidth / 100;
        return new StringBuilder("[").Append('#', full).Append(' ', BarWidth - full).Append("] ").Append(TransferText.Amounts(progress)).ToString();
    }

    private void Redraw(string line)
    {
        output.Write($"\r{line.PadRight(_width)}");
        _width = line.Length;
    }
}
