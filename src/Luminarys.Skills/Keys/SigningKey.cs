using System.Security.Cryptography;
using Luminarys.Trust;

namespace Luminarys.Skills.Keys;

/// <summary>
/// A private key that signs packages: ECDSA on P-256, kept as PKCS#8 PEM in a file that only its owner may read. Never logged; disposing it
/// forgets it. Thread-safe.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private const int Iterations = 600_000;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    private readonly Lock _gate = new();
    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        PublicKey = PublicPoint.Of(key);
        Id = KeyId.Of(PublicKey.Span);
    }

    /// <summary>Name of the public key.</summary>
    public KeyId Id { get; }

    /// <summary>The public key: an uncompressed point of 65 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Makes a new key.</summary>
    public static SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Opens a key file.</summary>
    /// <param name="file">PEM file.</param>
    /// <param name="passphrase">For an encrypted file; null for one that is not.</param>
    /// <exception cref="KeyFileException">The file is missing, may be read by others, or is not a key that this passphrase opens.</exception>
    public static SigningKey Open(string file, string? passphrase)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        RefuseIfExposed(file);
        var key = ECDsa.Create();
        try
        {
            Import(key, ReadText(file), passphrase);
            RefuseIfPublic(key);
            return key.KeySize == 256 && key.ExportParameters(false).Curve.Oid?.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                ? new SigningKey(key)
                : throw new KeyFileException($"{file}: it is not a P-256 key; make one with: lmsk genkey");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new KeyFileException(passphrase is null
                ? $"{file}: it is not a private key in PEM form, or it is encrypted; set LMSK_PASSPHRASE for an encrypted one"
                : $"{file}: it is not a private key in PEM form that the passphrase opens");
        }
        catch (KeyFileException)
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Writes the key to a new file that only its owner may read. An existing file stays as it is.</summary>
    /// <exception cref="KeyFileException">The file exists, or cannot be written.</exception>
    public void Save(string file, string? passphrase)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        try
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, OwnerDirectory);
                options.UnixCreateMode = OwnerFile;
            }

            using var writer = new StreamWriter(new FileStream(file, options));
            writer.Write(ToPem(passphrase));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{file}: {(File.Exists(file) ? "it exists; name another file" : exception.Message)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    internal byte[] Sign(ReadOnlySpan<byte> digest)
    {
        lock (_gate)
        {
            return PackageSignature.Sign(_key, digest);
        }
    }

    private static void Import(ECDsa key, string pem, string? passphrase)
    {
        if (passphrase is null)
        {
            key.ImportFromPem(pem);
        }
        else
        {
            key.ImportFromEncryptedPem(pem, passphrase);
        }
    }

    // A PEM file may hold a public key alone: that one cannot sign.
    private static void RefuseIfPublic(ECDsa key) => _ = key.SignHash(new byte[SHA256.HashSizeInBytes]);

    private string ToPem(string? passphrase) => passphrase is null
        ? _key.ExportPkcs8PrivateKeyPem()
        : _key.ExportEncryptedPkcs8PrivateKeyPem(
            passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations));

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{file}: {exception.Message}");
        }
    }

    private static void RefuseIfExposed(string file)
    {
        if (!File.Exists(file))
        {
            throw new KeyFileException($"{file}: there is no such key file; make one with: lmsk genkey");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerDirectory) != 0)
        {
            throw new KeyFileException($"{file}: others may read this private key; run: chmod 600 {file}");
        }
    }
}
