using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>
/// One TCP connection of a skill. What arrives is handed to the skill's callback in order, at most 64 KiB at a time, and read on only when the callback has
/// returned; until then the peer waits.
/// </summary>
internal sealed class TcpConnection : IConnection, IDisposable
{
    private const int Chunk = 64 * 1024;

    private readonly Stream _stream;
    private readonly SkillServices _services;
    private readonly ConnectionTable<TcpConnection> _table;
    private readonly IdleTimer _idle;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _writing = new(1);
    private volatile string _callback;
    private volatile bool _isAborted;

    public TcpConnection(Stream stream, string callback, SkillNetwork network, ConnectionTable<TcpConnection> table)
    {
        (_stream, _callback, _services, _table) = (stream, callback, network.Services, table);
        _idle = new(network.Setting.IdleTimeout, _services.Time, _stop);
    }

    /// <inheritdoc/>
    public string Id { get; } = ConnectionTable<TcpConnection>.CreateId('c');

    /// <inheritdoc/>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Method that gets what arrives from now on; empty to discard it.</summary>
    public string Callback
    {
        set => _callback = value;
    }

    /// <summary>Begins to read. The connection is in its table by then.</summary>
    public void Start() => Completion = RunAsync();

    /// <summary>Writes all bytes; a write that fails or is given up ends the connection, since nobody knows what arrived.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        await _writing.WaitAsync(both.Token).ConfigureAwait(false);
        try
        {
            await _stream.WriteAsync(data, both.Token).ConfigureAwait(false);
            await _stream.FlushAsync(both.Token).ConfigureAwait(false);
            _idle.Restart();
        }
        catch
        {
            _table.Remove(this);
            Abort();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        _isAborted = true;
        _idle.Dispose();
        _stop.Cancel();
        _stream.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _idle.Dispose();
        _stream.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var fault = await ReadAllAsync().ConfigureAwait(false);
            _table.Remove(this);
            Dispose();
            if (!_isAborted && _callback is { Length: > 0 } callback)
            {
                // The connection's own token may be what ended it.
                await _services.Callbacks.DeliverAsync(callback, new ConnectionEvent(Id, default, fault).ToPayload(), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Nobody awaits this task in the ordinary course: a bug must be seen.
            Log.ConnectionFailed(_services.Logger, _services.Manifest.Id.Value, exception);
        }
        finally
        {
            _table.Remove(this);
            _table.Forget(this);
            Dispose();
        }
    }

    private async ValueTask<NetworkFault> ReadAllAsync()
    {
        var buffer = new byte[Chunk];
        try
        {
            while (true)
            {
                var read = await _stream.ReadAsync(buffer, _stop.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    return new(NetworkFault.Eof, "the peer closed the connection");
                }

                _idle.Restart();
                if (_callback is { Length: > 0 } callback)
                {
                    _idle.Pause();
                    await _services.Callbacks.DeliverAsync(callback, new ConnectionEvent(Id, buffer.AsMemory(0, read), null).ToPayload(), _stop.Token).ConfigureAwait(false);
                    _idle.Resume();
                }
            }
        }
        catch (OperationCanceledException)
        {
            return new(NetworkFault.Timeout, "the connection was idle for too long");
        }
        catch (Exception exception) when (NetworkFault.Is(exception))
        {
            return _idle.HasPassed ? new(NetworkFault.Timeout, "the connection was idle for too long") : NetworkFault.Of(exception);
        }
    }
}
