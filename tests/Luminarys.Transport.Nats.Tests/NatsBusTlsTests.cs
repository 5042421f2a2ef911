using System.Net;
using System.Net.Sockets;
using System.Text;
using Luminarys.Contracts;
using Luminarys.Invocations;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Transport.Nats.Tests;

[Trait("Kind", "Integration")]
public sealed class NatsBusTlsTests : IAsyncLifetime
{
    private NatsServer _server = null!;
    private TestCertificates _ours = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server = NatsServer.Create();
        _ours = new TestCertificates(_server.Folder, "ours");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _ours?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task ConnectAsync_BothSidesCertified_ConnectsAndComesBack()
    {
        await StartAsync("127.0.0.1", verifyClients: true);
        var (certificate, key) = _ours.Issue("node-1");
        await using var bus = Create(new() { TlsEnabled = true, CaFile = _ours.AuthorityFile, CertificateFile = certificate, KeyFile = key });
        var (recorder, statuses) = (new BusRecorder(), new BusStatusRecorder(bus));
        Assert.Null(await bus.ConnectAsync(Token));
        await bus.SubscribeAsync("a", BusOverflow.Notify, recorder.Handle, Token);

        await _server.KillAsync();
        await statuses.ExpectAsync(BusStatus.Down);
        await _server.RunAsync();
        await statuses.ExpectAsync(BusStatus.Up);
        await bus.PublishAsync("a", null, BitConverter.GetBytes(6), Token);

        await recorder.ExpectAsync(6);
    }

    [Fact]
    public async Task ConnectAsync_TlsScheme_RequiresTls()
    {
        await StartAsync("127.0.0.1");
        await using var bus = Create(new() { Url = $"tls://127.0.0.1:{_server.Port}", CaFile = _ours.AuthorityFile });
        Assert.Null(await bus.ConnectAsync(Token));
    }

    [Fact]
    public async Task ConnectAsync_NoClientCertificate_IsDenied()
    {
        await StartAsync("127.0.0.1", verifyClients: true);
        await ExpectDeniedAsync(new() { TlsEnabled = true, CaFile = _ours.AuthorityFile }, "cluster.tls");
    }

    [Fact]
    public async Task ConnectAsync_OtherAuthority_IsDenied()
    {
        await StartAsync("127.0.0.1");
        using var others = new TestCertificates(_server.Folder, "others");
        await ExpectDeniedAsync(new() { TlsEnabled = true, CaFile = others.AuthorityFile }, "failed the TLS check");
    }

    [Fact]
    public async Task ConnectAsync_NoAuthority_TrustsTheSystemOnly()
    {
        await StartAsync("127.0.0.1");
        await ExpectDeniedAsync(new() { TlsEnabled = true }, "failed the TLS check");
    }

    [Fact]
    public async Task ConnectAsync_CertificateOfAnotherHost_IsDenied()
    {
        await StartAsync("nats.example.com");
        await ExpectDeniedAsync(new() { TlsEnabled = true, CaFile = _ours.AuthorityFile }, "RemoteCertificateNameMismatch");
    }

    [Fact]
    public async Task ConnectAsync_TlsServerWithoutTlsHere_SaysSo()
    {
        await StartAsync("127.0.0.1");
        await ExpectDeniedAsync(new(), "requires TLS; set cluster.tls.enabled");
    }

    [Fact]
    public async Task ConnectAsync_BrokenAuthorityFile_SaysSo()
    {
        var file = Path.Combine(_server.Folder, "broken.pem");
        await File.WriteAllTextAsync(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Token);
        await ExpectDeniedAsync(new() { TlsEnabled = true, CaFile = file }, "certificate files of the bus cannot be used");
    }

    [Fact]
    public async Task ConnectAsync_AuthorityFileWithoutCertificates_TrustsNobody()
    {
        await StartAsync("127.0.0.1");
        var file = Path.Combine(_server.Folder, "empty.pem");
        await File.WriteAllTextAsync(file, "", Token);
        await ExpectDeniedAsync(new() { TlsEnabled = true, CaFile = file }, "certificate files of the bus cannot be used");
    }

    [Fact]
    public async Task ConnectAsync_ServerWithoutTls_IsDeniedAndToldNothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var heard = HearAsync(listener);

        await ExpectDeniedAsync(
            new() { Url = $"nats://127.0.0.1:{port}", TlsEnabled = true, CaFile = _ours.AuthorityFile, Token = "s3same" }, "does not offer TLS");

        Assert.Equal("", await heard.WaitAsync(TimeSpan.FromSeconds(20), Token));
    }

    [Fact]
    public async Task ConnectAsync_RealServerWithoutTls_IsDenied()
    {
        await _server.RunAsync("");
        await ExpectDeniedAsync(new() { TlsEnabled = true, CaFile = _ours.AuthorityFile }, "does not offer TLS");
    }

    [Fact]
    public async Task ConnectAsync_ClientCertificateOfAnotherAuthority_IsDenied()
    {
        await StartAsync("127.0.0.1", verifyClients: true);
        using var others = new TestCertificates(_server.Folder, "others");
        var (certificate, key) = others.Issue("node-1");
        await ExpectDeniedAsync(new() { TlsEnabled = true, CaFile = _ours.AuthorityFile, CertificateFile = certificate, KeyFile = key }, "cluster.tls");
    }

    [Fact]
    public async Task ConnectAsync_Handshake_OffersNothingBelowTls12()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var hello = ReadHelloAsync(listener);
        await using var bus = Create(new()
        {
            Url = $"nats://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", TlsEnabled = true, CaFile = _ours.AuthorityFile, FirstConnectTimeout = TimeSpan.FromMilliseconds(100),
        });
        Assert.NotNull(await bus.ConnectAsync(Token));

        var offered = SupportedVersions(await hello.WaitAsync(TimeSpan.FromSeconds(20), Token));

        Assert.NotEmpty(offered);
        Assert.All(offered, version => Assert.InRange(version, 0x0303, 0x0304));
    }

    [Fact]
    public async Task Reconnect_ServersThatAServerAnnounces_AreNotDialled()
    {
        using var announced = new TcpListener(IPAddress.Loopback, 0);
        announced.Start();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepted = announced.AcceptTcpClientAsync(Token).AsTask();
        var other = ((IPEndPoint)announced.LocalEndpoint).Port;
        var cut = new TaskCompletionSource();
        var serving = ServeTwiceAsync(listener, $"\"connect_urls\":[\"127.0.0.1:{other}\"]", cut.Task);
        await using var bus = Create(new() { Url = $"nats://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}" });

        Assert.Null(await bus.ConnectAsync(Token));

        // The configured server is dialled again after it has cut the first connection.
        cut.SetResult();
        await serving.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.False(accepted.IsCompleted);
    }

    private static async Task ServeTwiceAsync(TcpListener listener, string announcement, Task cut)
    {
        using (var client = await listener.AcceptTcpClientAsync(Token))
        {
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"INFO {{\"server_id\":\"X\",\"version\":\"2.9.10\",\"proto\":1,\"max_payload\":1048576,\"headers\":true,{announcement}}}\r\n"), Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var line = reader.ReadLineAsync(Token).AsTask();
            while (await Task.WhenAny(line, cut) == line && await line is { } text)
            {
                if (text == "PING")
                {
                    await stream.WriteAsync("PONG\r\n"u8.ToArray(), Token);
                }

                line = reader.ReadLineAsync(Token).AsTask();
            }
        }

        using var again = await listener.AcceptTcpClientAsync(Token);
    }

    // A record with a handshake: type, version, length; inside it type, 24-bit length, the hello.
    private static async Task<byte[]> ReadHelloAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(Token);
        var stream = client.GetStream();
        await stream.WriteAsync("INFO {\"server_id\":\"X\",\"version\":\"2.9.10\",\"proto\":1,\"max_payload\":1048576,\"headers\":true,\"tls_required\":true}\r\n"u8.ToArray(), Token);
        var head = new byte[5];
        await stream.ReadExactlyAsync(head, Token);
        var record = new byte[(head[3] << 8) | head[4]];
        await stream.ReadExactlyAsync(record, Token);
        return record;
    }

    private static List<int> SupportedVersions(byte[] hello)
    {
        var at = 4 + 2 + 32;
        var legacy = (hello[4] << 8) | hello[5];
        at += 1 + hello[at];
        at += 2 + ((hello[at] << 8) | hello[at + 1]);
        at += 1 + hello[at] + 2;
        while (at + 4 <= hello.Length)
        {
            var (type, length) = ((hello[at] << 8) | hello[at + 1], (hello[at + 2] << 8) | hello[at + 3]);
            if (type == 43)
            {
                return [.. Enumerable.Range(0, hello[at + 4] / 2).Select(i => (hello[at + 5 + (2 * i)] << 8) | hello[at + 6 + (2 * i)])];
            }

            at += 4 + length;
        }

        return [legacy];
    }

    private static async Task<string> HearAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(Token);
        var stream = client.GetStream();
        await stream.WriteAsync("INFO {\"server_id\":\"X\",\"version\":\"2.9.10\",\"proto\":1,\"max_payload\":1048576,\"headers\":true}\r\n"u8.ToArray(), Token);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Token);
        return Encoding.ASCII.GetString(all.ToArray());
    }

    private async Task StartAsync(string host, bool verifyClients = false)
    {
        var (certificate, key) = _ours.Issue(host);
        await _server.RunAsync($"--tlscert {certificate} --tlskey {key}" + (verifyClients ? $" --tlsverify --tlscacert {_ours.AuthorityFile}" : ""));
    }

    private async Task ExpectDeniedAsync(NatsTransportOptions options, string text)
    {
        await using var bus = Create(options);
        var fault = await bus.ConnectAsync(Token);
        Assert.Equal(InvocationError.BusDenied, fault?.Error);
        Assert.Contains(text, fault!.Message, StringComparison.Ordinal);
    }

    private NatsBus Create(NatsTransportOptions options)
    {
        options.Url = options.Url == new NatsTransportOptions().Url ? _server.Url : options.Url;
        return new(options, BusLane.Control, TimeProvider.System, NullLogger<NatsBus>.Instance);
    }
}
