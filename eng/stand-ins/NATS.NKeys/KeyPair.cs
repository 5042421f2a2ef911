namespace NATS.NKeys;

/// <summary>
/// Stands where the real NATS.NKeys would be when a package feed lacks it: the bus client needs the type to load.
/// NKey and JWT authentication is not available in such a build and says so.
/// </summary>
public sealed class KeyPair
{
    private const string Unavailable =
        "NKey and JWT authentication is not available in this build: the package NATS.NKeys was missing from the package feed. "
        + "Use token, user/password or TLS client authentication, or build with a feed that has NATS.NKeys 1.0.1.";

    private KeyPair()
    {
    }

    public static KeyPair FromSeed(ReadOnlySpan<char> seed) => throw new NotSupportedException(Unavailable);

    public string GetPublicKey() => throw new NotSupportedException(Unavailable);

    public void Sign(ReadOnlyMemory<byte> message, Memory<byte> signature) => throw new NotSupportedException(Unavailable);
}
