using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master;

/// <summary>Keeps the rules about skill ids informed of whose packages the operator trusts: a key that is revoked there ends its skills here.</summary>
internal sealed class KnownSigners(NameRules rules, ISignerTrust? trust, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    /// <summary>Reads them, and goes on doing so. Nothing happens where nobody asks for known keys.</summary>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (rules.NeedsSigner && trust is not null)
        {
            await ReadAsync(trust, cancellationToken).ConfigureAwait(false);
            _run = RunAsync(trust);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(ISignerTrust source)
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_pause, time, _stop.Token).ConfigureAwait(false);
                await ReadAsync(source, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async ValueTask ReadAsync(ISignerTrust source, CancellationToken cancellationToken)
    {
        try
        {
            rules.Trust(await source.ReadAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.SignersNotRead(logger, exception);
        }
    }
}
