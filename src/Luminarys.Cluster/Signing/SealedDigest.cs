using System.Security.Cryptography;
using System.Text;

namespace Luminarys.Cluster.Signing;

/// <summary>What a proof is made over: the purpose, the subject that the message travels on, and the message's bytes before the proof.</summary>
internal static class SealedDigest
{
    private const int MaxSubject = 512;

    private static ReadOnlySpan<byte> Context => "lm-ctl-v1\0"u8;

    public static void Of(string subject, ReadOnlySpan<byte> covered, Span<byte> digest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Context);
        Span<byte> utf8 = stackalloc byte[MaxSubject];
        if (Encoding.UTF8.TryGetBytes(subject, utf8, out var length))
        {
            hash.AppendData(utf8[..length]);
        }
        else
        {
            hash.AppendData(Encoding.UTF8.GetBytes(subject));
        }

        hash.AppendData([0]);
        hash.AppendData(covered);
        hash.GetHashAndReset(digest);
    }
}
