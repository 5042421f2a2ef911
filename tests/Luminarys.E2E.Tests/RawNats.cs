using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Luminarys.E2E;

/// <summary>Speaks the text protocol of NATS itself: what the server says to one act is known when it has answered the ping behind it.</summary>
internal sealed class RawNats : IDisposable
{
    private readonly TcpClient _socket = new();
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;
    private int _subscriptions;

    private RawNats(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _reader = new(_socket.GetStream(), Encoding.ASCII);
        _writer = new(_socket.GetStream(), Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
    }

    public static async Task<RawNats> ConnectAsync(int port, string user, string password)
    {
        var client = new RawNats(port);
        Assert.StartsWith("INFO ", await client._reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(await client.DoAsync(
            $$"""CONNECT {"user":"{{user}}","pass":"{{password}}","verbose":false,"pedantic":false,"headers":true,"no_responders":true,"protocol":1}"""));
        return client;
    }

    public Task<List<string>> SubscribeAsync(string pattern, string queue = "") => DoAsync($"SUB {pattern} {queue} {++_subscriptions}");

    public Task<List<string>> PublishAsync(string subject, string reply = "") => DoAsync($"PUB {subject} {reply} 1\r\nx");

    /// <summary>Everything that has come until now.</summary>
    public Task<List<string>> ReadAsync() => DoAsync(null);

    public void Dispose() => _socket.Dispose();

    private async Task<List<string>> DoAsync(string? act)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        await _writer.WriteLineAsync($"{(act is null ? "" : act + "\r\n")}PING".AsMemory(), limit.Token);
        var said = new List<string>();
        while (true)
        {
            switch (await _reader.ReadLineAsync(limit.Token))
            {
                case null: said.Add("closed"); return said;
                case "PONG": return said;
                case "PING": await _writer.WriteLineAsync("PONG".AsMemory(), limit.Token); break;
                case var line: said.Add(line); break;
            }
        }
    }
}
