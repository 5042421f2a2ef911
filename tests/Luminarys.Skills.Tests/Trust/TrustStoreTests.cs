using Luminarys.Skills.Packages;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Skills.Tests.Trust;

public sealed class TrustStoreTests
{
    private static readonly SkillPackage s_package = SkillPackageReader.Read(Samples.File()).Package!;
    private static readonly KeyRecord s_record = new(Samples.Key.Id, "example", ["com.example"]);

    [Fact]
    public void Judge_KnownKeyOfThePrefix_Trusts() => AssertTrusted(s_record);

    [Theory]
    [InlineData("*", true)]
    [InlineData("com", true)]
    [InlineData("com.example.*", true)]
    [InlineData("com.example.echo", true)]
    [InlineData("com.exam", false)]
    [InlineData("com.example.ech", false)]
    [InlineData("ai.other", false)]
    [InlineData("", false)]
    public void Judge_Prefix_CoversWholeSegmentsOnly(string prefix, bool isTrusted)
    {
        Assert.Equal(isTrusted, Judge(s_record with { Prefixes = [prefix] }).IsTrusted);
    }

    [Fact]
    public void Judge_UnknownKey_SaysHowToAddIt() =>
        Assert.Contains("lmsk trust add", TrustStore.Empty.Judge(s_package, Samples.SignedAt).Reason, StringComparison.Ordinal);

    [Fact]
    public void Judge_RevokedByRecordOrList_Distrusts()
    {
        Assert.Contains("revoked", Judge(s_record with { Status = KeyStatus.Revoked }).Reason, StringComparison.Ordinal);
        Assert.Contains("revoked", new TrustStore(FolderOf(s_record), [s_record.Id]).Judge(s_package, Samples.SignedAt).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_SignedOutsideOfTheKeysTime_Distrusts()
    {
        var second = TimeSpan.FromSeconds(1);

        AssertTrusted(s_record with { ValidFrom = Samples.SignedAt, ValidTo = Samples.SignedAt });
        AssertTrusted(s_record with { Status = KeyStatus.Retired, ValidTo = Samples.SignedAt });
        Assert.False(Judge(s_record with { Status = KeyStatus.Retired }).IsTrusted);
        Assert.False(Judge(s_record with { ValidFrom = Samples.SignedAt + second }).IsTrusted);
        Assert.False(Judge(s_record with { ValidTo = Samples.SignedAt - second }).IsTrusted);
    }

    [Fact]
    public void Judge_SignedInTheFuture_Distrusts() =>
        Assert.Contains("future", new TrustStore(FolderOf(s_record), []).Judge(s_package, Samples.SignedAt - TimeSpan.FromDays(2)).Reason, StringComparison.Ordinal);

    private static TrustVerdict Judge(KeyRecord record) => new TrustStore(FolderOf(record), []).Judge(s_package, Samples.SignedAt);

    private static TrustFolder FolderOf(params KeyRecord[] records) => new([.. records], null, []);

    private static void AssertTrusted(KeyRecord record)
    {
        var verdict = Judge(record);
        Assert.True(verdict.IsTrusted, verdict.Reason);
    }
}
