using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>The TLS rules of both ends: version 1.2 or later, chain against the given authorities only, host name checked.</summary>
internal static class RelayTls
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>What a relay with a certificate needs.</summary>
    /// <exception cref="IOException">The files cannot be read or hold no certificate with its key.</exception>
    public static SslServerAuthenticationOptions OfServer(string certificateFile, string? keyFile)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            using var pair = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

            // Some platforms cannot sign with a key that was read from PEM until it has been through PKCS#12.
            var certificate = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), password: null);
            return new() { EnabledSslProtocols = Protocols, ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true) };
        }
        catch (CryptographicException exception)
        {
            throw new IOException($"The certificate of the relay, '{certificateFile}', cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>What a node needs that dials a relay.</summary>
    /// <exception cref="IOException">The file cannot be read or holds no certificate.</exception>
    public static SslClientAuthenticationOptions OfClient(string host, string? caFile)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = Protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (caFile is null)
        {
            return options;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
        }
        catch (CryptographicException exception)
        {
            throw new IOException($"The authorities of the relay, '{caFile}', cannot be used: {exception.Message}", exception);
        }

        options.CertificateChainPolicy = policy;
        return options;
    }
}
