using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Skills.Tests.Trust;

/// <summary>Keys that vouch for keys. Each refusal is seen to depend on its defence.</summary>
public sealed class VoucherChainTests
{
    private static readonly SigningKey s_root = SigningKey.Create();
    private static readonly SigningKey s_middle = SigningKey.Create();
    private static readonly SkillPackage s_package = SkillPackageReader.Read(Samples.File()).Package!;
    private static readonly KeyRecord s_rootRecord = RecordOf(s_root, "root", "com") with { IsDelegate = true };
    private static readonly KeyRecord s_middleRecord = TrustDocuments.Sign(RecordOf(s_middle, "middle", "com.example") with { IsDelegate = true }, s_root);
    private static readonly KeyRecord s_leaf = RecordOf(Samples.Key, "leaf", "com.example.*");
    private static readonly KeyRecord s_leafRecord = TrustDocuments.Sign(s_leaf, s_middle);

    [Fact]
    public void Judge_ChainUpToTheOperatorsRecord_Trusts() => Assert.True(Judge([s_rootRecord, s_middleRecord, s_leafRecord]).IsTrusted);

    [Fact]
    public void K1_Judge_LinkMissing_Distrusts()
    {
        Assert.Contains("is not known", Judge([s_rootRecord, s_leafRecord]).Reason, StringComparison.Ordinal);
        Assert.Contains("is not known", Judge([s_middleRecord, s_leafRecord]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void K1_Judge_RecordChangedAfterItWasSigned_Distrusts() =>
        AssertDefended([s_rootRecord, s_middleRecord, s_leafRecord with { Name = "someone" }], "is not valid; vouch for it again", new() { ChecksVouchers = false });

    [Fact]
    public void K1_Judge_VoucherIsNoDelegate_Distrusts() =>
        AssertDefended([s_rootRecord with { IsDelegate = false }, s_middleRecord, s_leafRecord], "is not a delegate", new() { ChecksDelegates = false });

    [Fact]
    public void K1_Judge_VoucherRetiredExpiredOrNotYetValid_Distrusts()
    {
        var day = TimeSpan.FromDays(1);
        foreach (var root in new[]
        {
            s_rootRecord with { Status = KeyStatus.Retired },
            s_rootRecord with { ValidTo = Samples.SignedAt - day },
            s_rootRecord with { ValidFrom = Samples.SignedAt + day },
        })
        {
            AssertDefended([root, s_middleRecord, s_leafRecord], "is not valid now", new() { ChecksDelegates = false });
        }
    }

    [Fact]
    public void K1_Judge_VoucherRevoked_Distrusts()
    {
        AssertDefended([s_rootRecord with { Status = KeyStatus.Revoked }, s_middleRecord, s_leafRecord], "which was revoked", new() { ChecksDelegates = false });
        Assert.Contains("which was revoked", Judge([s_rootRecord, s_middleRecord, s_leafRecord], revoked: [s_middle.Id]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void K1_Judge_PrefixBeyondTheDelegates_Distrusts()
    {
        foreach (var prefix in new[] { "*", "com", "org.example", "com.example2" })
        {
            var wide = TrustDocuments.Sign(s_leaf with { Prefixes = ["com.example", prefix] }, s_middle);

            AssertDefended([s_rootRecord, s_middleRecord, wide], $"claims the prefix '{prefix}'", new() { BoundsPrefixes = false });
        }
    }

    [Fact]
    public void K1_Judge_KeysThatVouchForEachOther_AreNotTrusted()
    {
        var leaf = TrustDocuments.Sign(s_leaf with { IsDelegate = true }, s_middle);
        var middle = TrustDocuments.Sign(RecordOf(s_middle, "middle", "com.example") with { IsDelegate = true }, Samples.Key);
        var itself = TrustDocuments.Sign(s_leaf with { IsDelegate = true }, Samples.Key);

        AssertDefended([leaf, middle], "vouch for each other", new() { RefusesCircles = false });
        AssertDefended([itself], "vouch for each other", new() { RefusesCircles = false });
    }

    [Fact]
    public void K1_Judge_RevokedKey_IsRefusedEvenWhereAnyKeyMaySign()
    {
        var verdict = Judge([s_leaf with { Status = KeyStatus.Revoked }]);

        Assert.True(verdict.IsRefused);
        Assert.True(Judge([s_leaf], revoked: [Samples.Key.Id]).IsRefused);
        Assert.True(Judge([], revoked: [Samples.Key.Id]).IsRefused);
        Assert.True(Judge([s_leaf], new() { HeedsRevocations = false }, [Samples.Key.Id]).IsTrusted);
    }

    [Fact]
    public void K1_Judge_KeyWithABrokenRecord_IsRefusedEvenWhereAnyKeyMaySign()
    {
        var folder = TrustFolder.Empty with { BrokenKeys = [Samples.Key.Id] };

        Assert.True(new TrustStore(folder, []).Judge(s_package, Samples.SignedAt).IsRefused);
        Assert.False(new TrustStore(folder, [], new() { RefusesBrokenRecords = false }).Judge(s_package, Samples.SignedAt).IsRefused);
    }

    [Fact]
    public void K1_Judge_PrefixAndTime_DependOnTheirDefences()
    {
        AssertDefended([s_leaf with { Prefixes = ["ai.other"] }], "not com.example.echo", new() { ChecksPrefixes = false });
        AssertDefended([s_leaf with { ValidTo = Samples.SignedAt.AddSeconds(-1) }], "was not valid", new() { ChecksTimes = false });
    }

    [Fact]
    public void FindDoubt_Records_SaysWhichCount()
    {
        var store = new TrustStore(FolderOf([s_rootRecord, s_middleRecord, s_leafRecord with { Name = "someone" }]), []);

        Assert.Null(store.FindDoubt(s_middleRecord, Samples.SignedAt));
        Assert.NotNull(store.FindDoubt(s_leafRecord with { Name = "someone" }, Samples.SignedAt));
    }

    private static void AssertDefended(KeyRecord[] records, string reason, TrustDefences without)
    {
        Assert.Contains(reason, Judge(records).Reason, StringComparison.Ordinal);
        Assert.False(Judge(records).IsTrusted);
        Assert.True(Judge(records, without).IsTrusted);
    }

    private static TrustVerdict Judge(KeyRecord[] records, TrustDefences? defences = null, KeyId[]? revoked = null) =>
        new TrustStore(FolderOf(records), revoked ?? [], defences ?? TrustDefences.All).Judge(s_package, Samples.SignedAt);

    private static TrustFolder FolderOf(KeyRecord[] records) => new([.. records], null, []);

    private static KeyRecord RecordOf(SigningKey key, string name, string prefix) => new(key.Id, name, [prefix]) { PublicKey = key.PublicKey };
}
