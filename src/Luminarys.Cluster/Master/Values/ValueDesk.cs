using System.Collections.Concurrent;
using System.Threading.Channels;
using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master.Values;

/// <summary>
/// Answers nodes that ask for shared values or write them, one after the other, so that the last writer wins and everybody sees the same order. What
/// waits is bounded in all and for each node; the rest is answered <c>BUSY</c>. Thread-safe.
/// </summary>
internal sealed class ValueDesk : IAsyncDisposable
{
    /// <summary>Requests that may wait.</summary>
    public const int Capacity = 256;

    /// <summary>Requests of one node that may wait: none can take every place.</summary>
    public const int CapacityOfNode = 64;

    private const long MaxBytes = 32 * 1024 * 1024;

    private readonly MasterLink _link;
    private readonly NodeIdentity _self;
    private readonly Func<RegistryCopy> _members;
    private readonly ISkillValues _values;
    private readonly ILogger _logger;
    private readonly ClusterDefences _defences;
    private readonly Channel<ValueRequest> _waiting = Channel.CreateBounded<ValueRequest>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ConcurrentDictionary<NodeId, int> _places = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private long _bytes;
    private int _isDisposed;

    public ValueDesk(MasterLink link, NodeIdentity self, Func<RegistryCopy> members, ISkillValues values, ILogger logger, ClusterDefences defences)
    {
        (_link, _self, _members, _values, _logger, _defences) = (link, self, members, values, logger, defences);
        _run = RunAsync();
    }

    /// <summary>Takes a request. Called by the bus.</summary>
    public void OnRequest(in BusMessage message)
    {
        var isOverflow = message.Kind == BusMessageKind.Overflow;
        if (!_link.Inbox.TryOpen(message with { Kind = BusMessageKind.Data }, out var received))
        {
            return;
        }

        var envelope = received.Envelope;
        var sender = Sender.Of(envelope);
        if (received.IsVersionUnsupported)
        {
            Refuse(sender, envelope.Id, InvocationError.VersionUnsupported, $"this master speaks protocol {ProtocolLimits.Version}");
        }
        else if (!envelope.TryRead<KeyValueMessage>(out var asked))
        {
            _link.Inbox.Drop("body", message.Subject);
        }
        else if (sender.Epoch > _self.Epoch)
        {
            // Whoever follows a later term must not hear from this one, and must not write here.
            _link.Inbox.Drop("stranger", message.Subject);
        }
        else if (Refusal(sender, asked, isOverflow) is { } refusal)
        {
            Refuse(sender, envelope.Id, refusal.Error, refusal.Message);
        }
        else
        {
            Post(new(sender, envelope.Id, asked));
        }
    }

    /// <summary>Takes no more; ends after the request that is at the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        _waiting.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private HostFault? Refusal(Sender sender, KeyValueMessage asked, bool isOverflow)
    {
        if (_members().FindSender(sender, _self.Epoch) is null)
        {
            return new(sender.Epoch < _self.Epoch ? InvocationError.StaleEpoch : InvocationError.NotServing, "the node is not registered with this master");
        }

        // A node may register the id of any skill, also of one that the master has: a registration is no key to what that one keeps here.
        if (_defences.PrivateValues && asked.Key.Scope.Length > 0)
        {
            return new(InvocationError.Denied, "values of a skill's own stay on its node");
        }

        if (asked.Value.Length > ISkillValues.MaxValue)
        {
            return new(InvocationError.PayloadTooLarge, $"the value has {asked.Value.Length} bytes; {ISkillValues.MaxValue} are allowed");
        }

        return isOverflow ? Full() : null;
    }

    private void Post(ValueRequest request)
    {
        var isTooMany = _places.AddOrUpdate(request.Sender.Node, 1, (_, count) => count + 1) > CapacityOfNode;
        var isTooMuch = Interlocked.Add(ref _bytes, request.Size) > MaxBytes;
        if (isTooMany || isTooMuch || !_waiting.Writer.TryWrite(request))
        {
            Leave(request);
            Refuse(request.Sender, request.Id, InvocationError.Busy, Full().Message);
        }
    }

    private void Leave(ValueRequest request)
    {
        Interlocked.Add(ref _bytes, -request.Size);
        if (_places.AddOrUpdate(request.Sender.Node, 0, (_, count) => count - 1) == 0)
        {
            _places.TryRemove(KeyValuePair.Create(request.Sender.Node, 0));
        }
    }

    private async Task RunAsync()
    {
        await foreach (var request in _waiting.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (!_stop.IsCancellationRequested)
            {
                await AnswerAsync(request).ConfigureAwait(false);
            }

            Leave(request);
        }
    }

    private async ValueTask AnswerAsync(ValueRequest request)
    {
        AnswerMessage answer;
        try
        {
            answer = await AskAsync(request.Message).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // One request must not end the desk; whatever the store throws is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ValueFailed(_logger, request.Sender.Node, exception);
            answer = new() { Code = InvocationError.Internal, Text = "what is stored cannot be reached" };
        }

        if (await SendAsync(request.Sender, request.Id, answer).ConfigureAwait(false) == InvocationError.PayloadTooLarge)
        {
            Refuse(request.Sender, request.Id, InvocationError.PayloadTooLarge, "the value does not fit a message of this bus");
        }
    }

    private async ValueTask<AnswerMessage> AskAsync(KeyValueMessage asked)
    {
        if (asked.Operation == KeyValueOperation.Set)
        {
            var fault = await _values.StoreAsync(asked.Key, asked.Value, CancellationToken.None).ConfigureAwait(false);
            return fault is null ? AnswerMessage.Ok : new() { Code = fault.Error, Text = fault.Message };
        }

        var found = await _values.FindAsync(asked.Key, CancellationToken.None).ConfigureAwait(false);
        return found.Fault is { } missing ? new() { Code = missing.Error, Text = missing.Message } : AnswerMessage.Ok with { Value = found.Value };
    }

    private static HostFault Full() => new(InvocationError.Busy, "too many requests for shared values wait");

    private void Refuse(Sender sender, CallId id, InvocationError error, string text)
    {
        var sending = SendAsync(sender, id, new() { Code = error, Text = text });
        if (!sending.IsCompleted)
        {
            _ = sending.AsTask();
        }
    }

    // The subject is built here from who asked, not taken from the message: an answer must not be led elsewhere.
    private ValueTask<InvocationError> SendAsync(Sender sender, CallId id, AnswerMessage answer) => _link.Outbox.SendAsync(
        _link.Buses.Traffic, _link.Subjects.FramesToNode(sender.Node, id), null, new(MessageTypes.KeyValue, id, sender.Instance), answer, CancellationToken.None);
}
