using System.Security.Cryptography;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Signing;

/// <summary>
/// Proves to other nodes that this one sent a message, and checks that others sent theirs. Messages of membership are signed; those of calls carry a
/// code under a key that the two processes share, which costs a fraction. Thread-safe.
/// </summary>
internal sealed class NodeSigner : IDisposable
{
    private readonly NodeIdentity _identity;
    private readonly string _keyFile;
    private readonly Dictionary<string, string> _trusted;
    private readonly ClusterDefences _defences;
    private readonly PeerSessions _sessions;
    private PinnedKeys _pins = new([]);
    private NodeKey? _key;
    private Master? _heard;
    private Master? _bound;

    /// <param name="identity">This process.</param>
    /// <param name="keyFile">Its private key.</param>
    /// <param name="trusted">Fingerprints of the others.</param>
    /// <param name="defences">Defences; a test turns one off.</param>
    public NodeSigner(NodeIdentity identity, string keyFile, IEnumerable<KeyValuePair<string, string>> trusted, ClusterDefences defences)
    {
        (_identity, _keyFile, _defences) = (identity, keyFile, defences);
        _trusted = trusted.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        _sessions = new(identity);
    }

    /// <summary>The signer that the options ask for; null when messages are not signed.</summary>
    public static NodeSigner? Of(NodeIdentity identity, string? keyFile, IDictionary<string, string> trusted, ClusterDefences defences) =>
        keyFile is null ? null : new(identity, keyFile, trusted, defences);

    /// <summary>Opens the node's key; null when it can be used.</summary>
    public NodeFault? Prepare()
    {
        if (!NodeKey.TryOpen(_keyFile, out _key, out var problem))
        {
            return new(InvocationError.Internal, $"cluster.node_key_file: {problem}");
        }

        // Another process of this very node must be understood, so that one of the two can make way.
        _trusted[_identity.Node.Value] = _key.Fingerprint;
        _pins = new(_trusted);
        return null;
    }

    /// <summary>
    /// The process that a message without an addressee is meant for. A slave names the master that it talks to, so that what was said to one master
    /// means nothing to the next one.
    /// </summary>
    public InstanceId? Addressee(string type) => _identity.Role == NodeRole.Master
        ? null
        : type is MessageTypes.Hello or MessageTypes.Epoch ? Volatile.Read(ref _heard)?.Instance : Volatile.Read(ref _bound)?.Instance;

    /// <summary>What is shared with the process that a message of a call is meant for; null when the message has to be signed.</summary>
    public PeerSession? SharedWith(string type, InstanceId? addressee) =>
        addressee is { } instance && MessageTypes.IsTraffic(type) && HasMet(instance) ? _sessions.Find(instance) : null;

    /// <summary>Puts the proof behind an envelope whose header counts <see cref="EnvelopeCodec.CountOf"/> fields more.</summary>
    public void Seal(PooledBuffer message, string subject, PeerSession? shared)
    {
        if (shared is null)
        {
            EnvelopeCodec.WriteField(message, EnvelopeSeal.KeyField, _key!.PublicPoint.Span);
            EnvelopeCodec.WriteField(message, EnvelopeSeal.SessionField, _sessions.OwnPoint);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SealedDigest.Of(subject, message.Written.Span, digest);
        Span<byte> proof = stackalloc byte[EnvelopeSeal.SignatureSize];
        if (shared is null)
        {
            _key!.Sign(digest, proof);
            EnvelopeCodec.WriteField(message, EnvelopeSeal.SignatureField, proof);
        }
        else
        {
            HMACSHA256.HashData(shared.ToPeer, digest, proof);
            EnvelopeCodec.WriteField(message, EnvelopeSeal.CodeField, proof[..EnvelopeSeal.CodeSize]);
        }
    }

    /// <summary>Checks a message of another process.</summary>
    /// <param name="subject">What it came on.</param>
    /// <param name="area">Area of the subject.</param>
    /// <param name="bytes">The whole message.</param>
    /// <param name="envelope">The message, read.</param>
    public SealVerdict Check(string subject, char area, ReadOnlySpan<byte> bytes, Envelope envelope)
    {
        if (!_defences.Signatures)
        {
            return SealVerdict.Authentic;
        }

        if (envelope.Seal is not { } seal || seal.End != bytes.Length || seal.Signature.IsEmpty == seal.Code.IsEmpty)
        {
            return SealVerdict.Unsigned;
        }

        if (!_pins.Knows(envelope.Source))
        {
            return SealVerdict.Untrusted;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SealedDigest.Of(subject, bytes[..seal.Covered], digest);
        var verdict = seal.Code.IsEmpty ? CheckSignature(envelope, seal, digest) : CheckCode(envelope, seal, digest);
        return verdict == SealVerdict.Authentic ? Admit(area, envelope, seal) : verdict;
    }

    public void Dispose()
    {
        _key?.Dispose();
        _sessions.Dispose();
    }

    // A master shares something with us once we have signed a message to it, which its first answer shows. Its beacon alone does not.
    private bool HasMet(InstanceId instance) => _identity.Role == NodeRole.Master || Volatile.Read(ref _bound)?.Instance == instance;

    private SealVerdict CheckSignature(Envelope envelope, EnvelopeSeal seal, ReadOnlySpan<byte> digest) =>
        !_pins.IsKeyOf(envelope.Source, seal.Key.Span) ? SealVerdict.Key
        : _pins.IsSigned(envelope.Source, seal.Key.Span, digest, seal.Signature.Span) ? SealVerdict.Authentic
        : SealVerdict.Signature;

    private SealVerdict CheckCode(Envelope envelope, EnvelopeSeal seal, ReadOnlySpan<byte> digest)
    {
        if (_sessions.Find(envelope.Instance) is not { } session || session.Node != envelope.Source)
        {
            return SealVerdict.Session;
        }

        Span<byte> code = stackalloc byte[EnvelopeSeal.CodeSize];
        HMACSHA256.HashData(session.FromPeer, digest, code);
        return CryptographicOperations.FixedTimeEquals(code, seal.Code.Span) ? SealVerdict.Authentic : SealVerdict.Signature;
    }

    // What was said to another process is not remembered: only the reader of the message looks at whom it names.
    private SealVerdict Admit(char area, Envelope envelope, EnvelopeSeal seal)
    {
        var isForUs = envelope.ToInstance == _identity.Instance;
        if (area == 'm' && !isForUs)
        {
            return SealVerdict.Misaddressed;
        }

        if (area != 'b' && !isForUs)
        {
            return SealVerdict.Authentic;
        }

        var session = seal.Code.IsEmpty ? _sessions.Open(envelope.Source, envelope.Instance, seal.Session.Span) : _sessions.Find(envelope.Instance);
        if (session is null)
        {
            return SealVerdict.Session;
        }

        if (!session.TryTake(envelope.Sequence, seal.Code.IsEmpty))
        {
            return SealVerdict.Replayed;
        }

        Remember(envelope.Instance, isForUs);
        return SealVerdict.Authentic;
    }

    // On a slave, whoever proves himself on these subjects speaks as a master.
    private void Remember(InstanceId instance, bool isForUs)
    {
        if (_identity.Role == NodeRole.Master)
        {
            return;
        }

        var known = Volatile.Read(ref _bound);
        var master = known?.Instance == instance ? known : new Master(instance);
        Volatile.Write(ref _heard, master);
        if (isForUs)
        {
            Volatile.Write(ref _bound, master);
        }
    }

    private sealed record Master(InstanceId Instance);
}
