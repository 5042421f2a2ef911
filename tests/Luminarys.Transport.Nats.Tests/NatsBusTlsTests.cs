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
