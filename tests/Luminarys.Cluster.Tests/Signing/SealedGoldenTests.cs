using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Signing;
using Luminarys.Cluster.Tests.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Tests.Signing;

/// <summary>Messages with a proof, made by other programs than ours; the private key of the signed one was thrown away.</summary>
public sealed class SealedGoldenTests
{
    private const string Fingerprint = "367ee0ee1c4c33a68e3cc86adf54fe9ad86eb2656d913d782e71149d079711a2";
    private static readonly byte[] s_codeKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] s_secret = [.. Enumerable.Range(32, 32).Select(i => (byte)i)];

    public static readonly string[] Names = ["hb-signed", "call-coded"];

    [Fact]
    public void SignedHeartbeat_IsOpenedByTheMasterThatItNames()
    {
        using var keys = new KeyRing();
        var identity = new NodeIdentity(new("prod"), new("master"), NodeRole.Master) { Instance = Samples.Instance(9) };
        using var signer = new NodeSigner(identity, keys.File("master"), new Dictionary<string, string> { ["slave-1"] = Fingerprint }, ClusterDefences.All);
        Assert.Null(signer.Prepare());
        var bytes = Read("hb-signed");
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(bytes, out var envelope));

        Assert.Equal(SealVerdict.Signature, signer.Check("lm.v1.prod.m.slave-1.reg", 'm', bytes, envelope));
        Assert.Equal(SealVerdict.Authentic, signer.Check("lm.v1.prod.m.slave-1.hb", 'm', bytes, envelope));
        Assert.Equal(SealVerdict.Replayed, signer.Check("lm.v1.prod.m.slave-1.hb", 'm', bytes, envelope));
    }

    [Fact]
    public void SignedHeartbeat_Digest_IsTheOneInTheDescription() =>
        Assert.Equal("6abacb3211e6c1790e3dac87ca91dee1fc82bb93e1b3b82a8455959fe96cb01c", DigestOf("hb-signed", "lm.v1.prod.m.slave-1.hb"));

    [Fact]
    public void CodedCall_Code_IsTheOneInTheDescription()
    {
        var digest = DigestOf("call-coded", "lm.v1.prod.n.slave-1.call");
        Assert.Equal("eaf882c18017472d11f9cbfe38b94c8567f1f5a64675dd9fbeed1f773a9e1269", digest);
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(Read("call-coded"), out var envelope));

        Assert.Equal(Convert.ToHexString(HMACSHA256.HashData(s_codeKey, Convert.FromHexString(digest))), Convert.ToHexString(envelope.Seal!.Code.Span));
    }

    [Fact]
    public void SharedKey_IsTheOneInTheDescription()
    {
        var session = new PeerSession(new("slave-1"), default);
        session.Agree(s_secret, new("prod"), Samples.Instance(9), Samples.Instance(7));

        Assert.Equal("c7fa494a3483c1ef503ba7ce59300b05f48eef62ffc30ac9cf3e9415c541a1b1", Convert.ToHexStringLower(session.ToPeer));
        Assert.NotEqual(Convert.ToHexString(session.ToPeer), Convert.ToHexString(session.FromPeer));
    }

    [Fact]
    public void CodedCall_WithoutItsCode_IsTheCall()
    {
        var bytes = Read("call-coded");
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(bytes, out var envelope));

        // But for the count of fields in the header.
        Assert.Equal(GoldenMessages.All["call"][1..], bytes[1..envelope.Seal!.Covered]);
    }

    private static string DigestOf(string name, string subject)
    {
        var bytes = Read(name);
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(bytes, out var envelope));
        var digest = new byte[SHA256.HashSizeInBytes];
        SealedDigest.Of(subject, bytes.AsSpan(0, envelope.Seal!.Covered), digest);
        return Convert.ToHexStringLower(digest);
    }

    private static byte[] Read(string name, [CallerFilePath] string file = "") =>
        Convert.FromHexString(File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "Golden", name + ".hex")).ReplaceLineEndings(""));
}
