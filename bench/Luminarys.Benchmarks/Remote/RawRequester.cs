using NATS.Client.Core;

namespace Luminarys.Benchmarks.Remote;

/// <summary>The floor: a request and its reply with the client library alone.</summary>
internal sealed class RawRequester(string url) : IAsyncDisposable
{
    private readonly NatsConnection _connection = new(new NatsOpts { Url = url });
    private readonly ReadOnlyMemory<byte> _payload = new byte[64];

    public async ValueTask CallAsync()
    {
        var reply = await _connection.RequestAsync<ReadOnlyMemory<byte>, NatsMemoryOwner<byte>>(
            RawResponder.Role, _payload, requestSerializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default);
        reply.Data.Dispose();
    }

    /// <summary>To the responder that changes threads, and with one more change on this side.</summary>
    public async ValueTask CallWithHopsAsync()
    {
        var reply = await _connection.RequestAsync<ReadOnlyMemory<byte>, NatsMemoryOwner<byte>>(
            RawResponder.HoppingRole, _payload, requestSerializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default);
        reply.Data.Dispose();
        await Task.Yield();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
