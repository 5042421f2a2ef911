using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Luminarys.Runtime.Wasm.HostFunctions.Network;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

/// <summary>
/// A DNS server on UDP that answers the first question with one address and all later ones with another, time to live 0: the classic rebinding attack. The
/// resolver beside it speaks real DNS to it and caches nothing.
/// </summary>
internal sealed class RebindingDnsServer : INameResolver, IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _questions;

    public RebindingDnsServer(string first, string later)
    {
        _serving = ServeAsync(IPAddress.Parse(first), IPAddress.Parse(later));
    }

    public int Questions => Volatile.Read(ref _questions);

    public async ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await client.SendAsync(Question(name), (IPEndPoint)_socket.Client.LocalEndPoint!, cancellationToken);
        var answer = (await client.ReceiveAsync(cancellationToken)).Buffer;
        return [new IPAddress(answer.AsSpan(answer.Length - 4))];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stop.Dispose();
    }

    private static byte[] Question(string name)
    {
        var message = new List<byte> { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.AddRange([0, 0, 1, 0, 1]);
        return [.. message];
    }

    private async Task ServeAsync(IPAddress first, IPAddress later)
    {
        while (true)
        {
            var question = await _socket.ReceiveAsync(_stop.Token);
            var address = Interlocked.Increment(ref _questions) == 1 ? first : later;
            byte[] record = [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, .. address.GetAddressBytes()];
            byte[] answer = [.. question.Buffer, .. record];
            BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), 0x8180);
            BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), 1);
            await _socket.SendAsync(answer, question.RemoteEndPoint, _stop.Token);
        }
    }
}
