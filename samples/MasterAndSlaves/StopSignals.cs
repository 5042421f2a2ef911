using System.Runtime.InteropServices;

namespace MasterAndSlaves;

/// <summary>Turns the signals that end a program into a cancellation, so that the nodes are stopped before this program ends.</summary>
internal sealed class StopSignals(CancellationTokenSource stop) : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        })),
    ];

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
}
