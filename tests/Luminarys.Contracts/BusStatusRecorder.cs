using System.Threading.Channels;
using Luminarys.Ports;

namespace Luminarys.Contracts;

/// <summary>The statuses that a bus announced, in order.</summary>
public sealed class BusStatusRecorder
{
    private readonly Channel<BusStatus> _seen = Channel.CreateUnbounded<BusStatus>();

    public BusStatusRecorder(IBus bus) => bus.StatusChanged += status => _seen.Writer.TryWrite(status);

    /// <summary>Waits for the status; what was announced before it is passed over.</summary>
    public async Task ExpectAsync(BusStatus expected)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (await _seen.Reader.ReadAsync(deadline.Token) != expected)
            {
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The bus did not announce {expected} within 20 s.");
        }
    }
}
