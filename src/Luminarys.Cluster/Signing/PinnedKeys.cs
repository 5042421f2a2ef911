using System.Collections.Frozen;
using System.Security.Cryptography;
using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Signing;

/// <summary>The keys that other nodes are known by. Thread-safe.</summary>
internal sealed class PinnedKeys
{
    private readonly FrozenDictionary<NodeId, Pin> _pins;

    /// <param name="fingerprints">SHA-256 of the public point, hexadecimal, by node.</param>
    public PinnedKeys(IEnumerable<KeyValuePair<string, string>> fingerprints) =>
        _pins = fingerprints.ToFrozenDictionary(entry => new NodeId(entry.Key), entry => new Pin(Convert.FromHexString(entry.Value)));

    /// <summary>Whether the node is known at all.</summary>
    public bool Knows(NodeId node) => _pins.ContainsKey(node);

    /// <summary>Whether this is the key that the node is known by.</summary>
    public bool IsKeyOf(NodeId node, ReadOnlySpan<byte> point)
    {
        Span<byte> fingerprint = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(point, fingerprint);
        return _pins.TryGetValue(node, out var pin) && CryptographicOperations.FixedTimeEquals(fingerprint, pin.Fingerprint);
    }

    /// <summary>Whether the signature is of the key. The key must be the node's.</summary>
    public bool IsSigned(NodeId node, ReadOnlySpan<byte> point, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        var pin = _pins[node];
        lock (pin)
        {
            pin.Key ??= TryOpen(point);
            return pin.Key?.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) == true;
        }
    }

    private static ECDsa? TryOpen(ReadOnlySpan<byte> point)
    {
        if (!Points.TryRead(point, out var parameters))
        {
            return null;
        }

        try
        {
            return ECDsa.Create(parameters);
        }
        catch (CryptographicException)
        {
            // Not on the curve.
            return null;
        }
    }

    private sealed class Pin(byte[] fingerprint)
    {
        public byte[] Fingerprint { get; } = fingerprint;

        public ECDsa? Key { get; set; }
    }
}
