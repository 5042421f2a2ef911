using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NATS.Client.Core;

namespace Luminarys.Transport.Nats;

/// <summary>The TLS rules: required, version 1.2 or later, chain against the given authorities only, host name checked.</summary>
internal sealed class NatsTls
{
    private readonly X509Certificate2Collection? _authorities;
    private readonly SslStreamCertificateContext? _certificate;

    /// <exception cref="CryptographicException">A file holds no usable certificate or key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public NatsTls(NatsTransportOptions options)
    {
        if (options.CaFile is not null)
        {
            _authorities = [];
            _authorities.ImportFromPemFile(options.CaFile);
            if (_authorities.Count == 0)
            {
                throw new CryptographicException($"'{options.CaFile}' holds no certificate.");
            }
        }

        if (options.CertificateFile is not null)
        {
            _certificate = LoadCertificate(options.CertificateFile, options.KeyFile);
        }
    }

    public NatsTlsOpts ToOpts() => new() { Mode = TlsMode.Require, ConfigureClientAuthentication = ConfigureAsync };

    private static SslStreamCertificateContext LoadCertificate(string certificateFile, string? keyFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        using var pair = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

        // Some platforms cannot sign with a key that was read from PEM until it has been through PKCS#12.
        var certificate = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), password: null);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private ValueTask ConfigureAsync(SslClientAuthenticationOptions options)
    {
        options.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.RemoteCertificateValidationCallback = null;
        options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        options.ClientCertificateContext = _certificate;
        if (_authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
        }

        return ValueTask.CompletedTask;
    }
}
