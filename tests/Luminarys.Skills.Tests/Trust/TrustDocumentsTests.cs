using Luminarys.Skills.Keys;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Skills.Tests.Trust;

public sealed class TrustDocumentsTests
{
    private static readonly SigningKey s_other = SigningKey.Create();

    private static readonly KeyRecord s_record = TrustDocuments.Sign(
        new KeyRecord(s_other.Id, "other", ["com.example", "org.example"]) { PublicKey = s_other.PublicKey, ValidFrom = Samples.SignedAt, IsDelegate = true }, Samples.Key);

    private static readonly RevocationList s_list = TrustDocuments.Revoke(7, Samples.SignedAt, [s_other.Id], Samples.Key);

    [Fact]
    public void Sign_Record_IsValidForItsSignerOnly()
    {
        Assert.True(TrustDocuments.IsSigned(s_record, Samples.Key.PublicKey.Span));
        Assert.False(TrustDocuments.IsSigned(s_record, s_other.PublicKey.Span));
        Assert.False(TrustDocuments.IsSigned(s_record with { Voucher = null }, Samples.Key.PublicKey.Span));
        Assert.False(TrustDocuments.IsSigned(s_record with { Voucher = s_record.Voucher! with { Key = s_other.Id } }, Samples.Key.PublicKey.Span));
    }

    [Fact]
    public void K1_IsSigned_AnyChangeOfARecord_IsNoticed()
    {
        KeyRecord[] changed =
        [
            s_record with { Name = "others" },
            s_record with { Prefixes = ["com.example"] },
            s_record with { Prefixes = ["com.exampleo", "rg.example"] },
            s_record with { Prefixes = ["*"] },
            s_record with { PublicKey = Samples.Key.PublicKey },
            s_record with { ValidFrom = null },
            s_record with { ValidFrom = Samples.SignedAt.AddSeconds(1) },
            s_record with { ValidTo = Samples.SignedAt },
            s_record with { Status = KeyStatus.Retired },
            s_record with { IsDelegate = false },
        ];

        Assert.All(changed, record => Assert.False(TrustDocuments.IsSigned(record, Samples.Key.PublicKey.Span)));
    }

    [Fact]
    public void K1_IsSigned_AnyChangeOfAList_IsNoticed()
    {
        RevocationList[] changed =
        [
            s_list with { Number = 8 },
            s_list with { ExpiresAt = Samples.SignedAt.AddSeconds(1) },
            s_list with { Keys = [] },
            s_list with { Keys = [s_other.Id, Samples.Key.Id] },
        ];

        Assert.True(TrustDocuments.IsSigned(s_list, Samples.Key.PublicKey.Span));
        Assert.All(changed, list => Assert.False(TrustDocuments.IsSigned(list, Samples.Key.PublicKey.Span)));
    }

    [Fact]
    public void SignedBytes_RecordAndList_BeginWithTheirContext()
    {
        Assert.StartsWith("luminarys-key-v1\0", System.Text.Encoding.Latin1.GetString(TrustDocuments.SignedBytes(s_record, Samples.Key.Id)), StringComparison.Ordinal);
        Assert.StartsWith("luminarys-revocations-v1\0", System.Text.Encoding.Latin1.GetString(TrustDocuments.SignedBytes(s_list)), StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_RecordWithoutItsKey_Throws() =>
        Assert.Throws<ArgumentException>(() => TrustDocuments.Sign(s_record with { PublicKey = default }, Samples.Key));
}
