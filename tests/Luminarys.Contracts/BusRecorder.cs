using System.Threading.Channels;
using Luminarys.Ports;
using Xunit;

namespace Luminarys.Contracts;

/// <summary>What one handler has seen, in order.</summary>
public sealed class BusRecorder
{
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    public void Handle(in BusMessage message) =>
        _received.Writer.TryWrite(new(message.Subject, message.ReplyTo, message.Payload.ToArray(), message.Kind));

    public async Task<Received> NextAsync(string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            return await _received.Reader.ReadAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"This did not arrive within 20 s: {what}.");
        }
    }

    public async Task ExpectAsync(int number) => Assert.Equal(number, (await NextAsync($"message {number}")).Number);

    public bool HasMore => _received.Reader.Count > 0;

    public sealed record Received(string Subject, string? ReplyTo, byte[] Payload, BusMessageKind Kind)
    {
        public int Number => BitConverter.ToInt32(Payload);
    }
}
