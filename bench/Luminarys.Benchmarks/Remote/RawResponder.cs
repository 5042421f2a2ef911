using NATS.Client.Core;

namespace Luminarys.Benchmarks.Remote;

/// <summary>
/// The floor's other side: sends back what comes, with the client library alone. The plain one publishes from the loop that reads the subscription
/// and sends the very memory that came. The hopping one changes threads as a node must: from the subscription to the thread pool, from there to a
/// thread of its own and back, and only then publishes.
/// </summary>
internal sealed class RawResponder : IPartnerRole
{
    public const string Role = "raw";
    public const string HoppingRole = "raw-hops";

    private readonly NatsConnection _connection;
    private readonly INatsSub<NatsMemoryOwner<byte>> _subscription;
    private readonly Task _run;
    private readonly OtherThread? _other;

    private RawResponder(NatsConnection connection, INatsSub<NatsMemoryOwner<byte>> subscription, bool hops)
    {
        (_connection, _subscription, _other) = (connection, subscription, hops ? new OtherThread() : null);
        _run = RunAsync();
    }

    public static async Task<IPartnerRole> StartAsync(string url, bool hops)
    {
        var connection = new NatsConnection(new NatsOpts { Url = url });
        var subscription = await connection.SubscribeCoreAsync<NatsMemoryOwner<byte>>(hops ? HoppingRole : Role);
        await connection.PingAsync();
        return new RawResponder(connection, subscription, hops);
    }

    public async ValueTask DisposeAsync()
    {
        await _subscription.UnsubscribeAsync();
        await _run;
        _other?.Dispose();
        await _connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        await foreach (var message in _subscription.Msgs.ReadAllAsync())
        {
            if (_other is null)
            {
                await AnswerAsync(message);
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(static pair => _ = pair.Item1.AnswerElsewhereAsync(pair.message), (this, message), preferLocal: false);
            }
        }
    }

    private async Task AnswerElsewhereAsync(NatsMsg<NatsMemoryOwner<byte>> message)
    {
        await _other!.VisitAsync();
        await AnswerAsync(message);
    }

    private async ValueTask AnswerAsync(NatsMsg<NatsMemoryOwner<byte>> message)
    {
        using var data = message.Data;
        ReadOnlyMemory<byte> bytes = data.Memory;
        await _connection.PublishAsync(message.ReplyTo!, bytes, serializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default);
    }
}
