using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Luminarys.Transfers;

namespace Luminarys.Transport.Tcp.Tests.Relay;

public sealed class RelayTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("luminarys-relay-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string CertificateFile => Path.Combine(_folder, "relay.pem");

    private string KeyFile => Path.Combine(_folder, "relay.key");

    [Fact]
    public async Task OpenAsync_RelayWithACertificateOfTheAuthority_CarriesBytes()
    {
        await using var relay = await StartAsync("127.0.0.1");
        var client = relay.Client(options => (options.TlsEnabled, options.CaFile) = (true, CertificateFile));
        var source = client.OpenAsync(relay.Ticket(TransferRole.Source, 1), Token).AsTask();
        await using var sink = (await client.OpenAsync(relay.Ticket(TransferRole.Sink, 1), Token)).Stream;
        await using var other = (await source).Stream;
        Assert.NotNull(sink);
        Assert.NotNull(other);

        await other.WriteAsync("secret"u8.ToArray(), Token);
        var read = new byte[6];
        await sink.ReadExactlyAsync(read, Token);

        Assert.Equal("secret"u8.ToArray(), read);
    }

    [Theory]
    [InlineData("no authority")]
    [InlineData("no TLS")]
    [InlineData("other name")]
    public async Task OpenAsync_RelayThatIsNotTheOneMeant_IsUnreachable(string what)
    {
        await using var relay = await StartAsync(what == "other name" ? "127.0.0.2" : "127.0.0.1");
        var client = relay.Client(options =>
        {
            options.TlsEnabled = what != "no TLS";
            options.CaFile = what == "no authority" ? null : CertificateFile;
            options.ConnectTimeout = TimeSpan.FromSeconds(2);
        });

        Assert.Equal(RelayFault.Unreachable, (await client.OpenAsync(relay.Ticket(TransferRole.Source, 1), Token)).Fault);
    }

    [Fact]
    public async Task OpenAsync_TlsAskedOfARelayWithout_NeverGoesOnInClear()
    {
        await using var relay = await RelayHarness.StartAsync();
        var client = relay.Client(options => (options.TlsEnabled, options.ConnectTimeout) = (true, TimeSpan.FromSeconds(2)));

        Assert.Equal(RelayFault.Unreachable, (await client.OpenAsync(relay.Ticket(TransferRole.Source, 1), Token)).Fault);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<RelayHarness> StartAsync(string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=relay", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        return RelayHarness.StartAsync(options => (options.CertificateFile, options.KeyFile) = (CertificateFile, KeyFile));
    }
}
