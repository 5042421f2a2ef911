using Luminarys.Skills.Keys;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Skills.Tests.Trust;

/// <summary>What becomes of a list of revoked keys. Each refusal is seen to depend on its defence.</summary>
public sealed class RevocationCheckTests
{
    private static readonly DateTimeOffset s_now = Samples.SignedAt;
    private static readonly DateTimeOffset s_later = s_now.AddDays(30);
    private static readonly SigningKey s_bad = SigningKey.Create();
    private static readonly KeyRecord s_operator = new(Samples.Key.Id, "operator", ["*"]) { PublicKey = Samples.Key.PublicKey, IsDelegate = true };
    private static readonly RevocationList s_list = TrustDocuments.Revoke(5, s_later, [s_bad.Id], Samples.Key);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Judge_GoodList_RevokesAndIsRemembered(bool isRequired)
    {
        var verdict = Judge(s_list, null, isRequired);

        Assert.Equal([s_bad.Id], verdict.Revoked);
        Assert.Null(verdict.Refusal);
        Assert.Null(verdict.Warning);
        Assert.Equal(5, verdict.Mark!.Number);
        Assert.Null(Judge(s_list, verdict.Mark, isRequired).Mark);
    }

    [Fact]
    public void K1_Judge_NoList_StopsLoadingWhereOneIsRequired()
    {
        Assert.Null(Judge(null, null, isRequired: false).Refusal);
        Assert.Contains("requires one", Judge(null, null, isRequired: true).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void K1_Judge_ListThatIsGone_BringsNoKeyBack()
    {
        var seen = new RevocationMark(5, [s_bad.Id]);

        var verdict = Judge(null, seen, isRequired: false);

        Assert.Equal([s_bad.Id], verdict.Revoked);
        Assert.Contains("is gone", verdict.Warning, StringComparison.Ordinal);
        Assert.NotNull(Judge(null, seen, isRequired: true).Refusal);
    }

    [Fact]
    public void K1_Judge_SignerWhoseTimeIsOver_RevokesStillAndBringsNothingBack()
    {
        KeyRecord[] ended = [s_operator with { ValidTo = s_now.AddSeconds(-1) }];
        var list = TrustDocuments.Revoke(6, s_later, [], Samples.Key);
        var folder = TrustFolder.Empty with { Keys = [.. ended], Revocations = list };

        var verdict = RevocationCheck.Judge(folder, new RevocationMark(5, [s_bad.Id]), isRequired: false, s_now, TrustDefences.All);

        Assert.Equal([s_bad.Id], verdict.Revoked);
        Assert.Null(verdict.Mark);
        Assert.Contains("time is over", verdict.Warning, StringComparison.Ordinal);
        Assert.Contains("time is over", RevocationCheck.Judge(folder, null, isRequired: true, s_now, TrustDefences.All).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void K1_Judge_ExpiredList_StopsLoadingWhereOneIsRequired()
    {
        var expired = TrustDocuments.Revoke(5, s_now.AddSeconds(-1), [s_bad.Id], Samples.Key);

        var verdict = Judge(expired, null, isRequired: false);

        Assert.Equal([s_bad.Id], verdict.Revoked);
        Assert.Contains("expired", verdict.Warning, StringComparison.Ordinal);
        Assert.Contains("expired", Judge(expired, null, isRequired: true).Refusal, StringComparison.Ordinal);
        Assert.Null(Judge(expired, null, isRequired: true, new() { ChecksExpiry = false }).Refusal);
        Assert.Null(Judge(TrustDocuments.Revoke(5, s_now, [], Samples.Key), null, isRequired: true).Refusal);
    }

    [Fact]
    public void K1_Judge_OlderList_IsNotUsed()
    {
        var older = TrustDocuments.Revoke(4, s_later, [], Samples.Key);
        var seen = new RevocationMark(5, [s_bad.Id]);

        var verdict = Judge(older, seen, isRequired: false);

        Assert.Equal([s_bad.Id], verdict.Revoked);
        Assert.Contains("number 4, 5 was there before", verdict.Warning, StringComparison.Ordinal);
        Assert.Null(verdict.Mark);
        Assert.Contains("number 4, 5 was there before", Judge(older, seen, isRequired: true).Refusal, StringComparison.Ordinal);
        Assert.Empty(Judge(older, seen, isRequired: true, new() { RefusesOlderLists = false }).Revoked);
    }

    [Fact]
    public void Judge_NewerListWithoutAKey_BringsItBack() =>
        Assert.Empty(Judge(TrustDocuments.Revoke(6, s_later, [], Samples.Key), new RevocationMark(5, [s_bad.Id]), isRequired: true).Revoked);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void K1_Judge_ListThatIsNotValid_StopsAllLoading(bool isRequired)
    {
        AssertStops(s_list with { Keys = [] }, [s_operator], null, "does not match", isRequired);
        AssertStops(s_list, [], null, "is not known", isRequired);
        AssertStops(s_list, [s_operator with { IsDelegate = false }], null, "may not revoke", isRequired);
        AssertStops(s_list, [s_operator with { Status = KeyStatus.Revoked }], null, "may not revoke", isRequired);
        AssertStops(s_list, [TrustDocuments.Sign(s_operator, s_bad)], null, "may not revoke", isRequired);
        AssertStops(s_list, [s_operator], new(5, []), "give it the number 6", isRequired);
        AssertStops(s_list, [s_operator], new(4, [Samples.Key.Id]), "itself revoked", isRequired);
    }

    [Fact]
    public void Judge_ListThatRevokesItsOwnSigner_CountsUntilTheNext()
    {
        var farewell = TrustDocuments.Revoke(5, s_later, [Samples.Key.Id], Samples.Key);
        var first = Judge(farewell, null, isRequired: true);

        Assert.Equal([Samples.Key.Id], first.Revoked);
        Assert.Equal([Samples.Key.Id], Judge(farewell, first.Mark, isRequired: true).Revoked);
        Assert.NotNull(Judge(TrustDocuments.Revoke(6, s_later, [], Samples.Key), first.Mark, isRequired: true).Refusal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void K1_Judge_ListThatCannotBeRead_StopsAllLoading(bool isRequired)
    {
        var folder = TrustFolder.Empty with { IsRevocationListBroken = true };

        Assert.Contains("cannot be read", RevocationCheck.Judge(folder, null, isRequired, s_now, TrustDefences.All).Refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be read", RevocationCheck.Judge(folder, null, isRequired, s_now, new() { ChecksLists = false }).Refusal ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Mark_WrittenAndRead_IsTheSame()
    {
        Assert.True(RevocationMark.TryParse(new RevocationMark(5, [s_bad.Id, Samples.Key.Id]).ToString(), out var mark));
        Assert.Equal((5, 2), (mark.Number, mark.Keys.Length));
        Assert.True(RevocationMark.TryParse("0", out mark));
        Assert.Empty(mark.Keys);
        Assert.All(["", "x", "-1", "5 abc", "5 "], text => Assert.False(RevocationMark.TryParse(text, out _)));
    }

    private static void AssertStops(RevocationList list, KeyRecord[] records, RevocationMark? seen, string reason, bool isRequired)
    {
        var folder = new TrustFolder([.. records], list, []);
        Assert.Contains(reason, RevocationCheck.Judge(folder, seen, isRequired, s_now, TrustDefences.All).Refusal, StringComparison.Ordinal);
        Assert.Null(RevocationCheck.Judge(folder, seen, isRequired, s_now, new() { ChecksLists = false }).Refusal);
    }

    private static RevocationVerdict Judge(RevocationList? list, RevocationMark? seen, bool isRequired, TrustDefences? defences = null) =>
        RevocationCheck.Judge(new([s_operator], list, []), seen, isRequired, s_now, defences ?? TrustDefences.All);
}
