using Luminarys.Manifests;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

/// <summary>What a host remembers of packages and lists from one start to the next.</summary>
public sealed class PackageHistoryTests : IDisposable
{
    private const int TrustDoubted = 3080;
    private static readonly string s_mark = $"package.version:{PackageStage.Key.Id}:test.signed";

    private readonly PackageStage _stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task K1_Load_LowerVersionThanBefore_NeedsAllowDowngrade()
    {
        await _stage.TakeAsync(PackageStage.Pack("1.2.0"));
        await _stage.RefuseAsync(PackageStage.Pack("1.1.9"), "1.1.9 is lower than 1.2.0", without: null);

        var result = await _stage.TakeAsync(PackageStage.Pack("1.1.9"), manifest => manifest with { AllowDowngrade = true });

        Assert.Contains("allow_downgrade", Assert.Single(result.Warnings), StringComparison.Ordinal);
        await _stage.RefuseAsync(PackageStage.Pack("1.1.9"), "1.1.9 is lower than 1.2.0", new() { RefusesDowngrades = false });
        await _stage.TakeAsync(PackageStage.Pack("1.3.0"));
        await _stage.RefuseAsync(PackageStage.Pack("1.2.0"), "1.2.0 is lower than 1.3.0", without: null);
    }

    [Fact]
    public async Task Load_LowerVersionOfAnotherKey_Loads()
    {
        using var other = SigningKey.Create();
        _stage.Folder = new([PackageStage.Record, PackageStage.RecordOf(other)], null, []);
        await _stage.TakeAsync(PackageStage.Pack("1.2.0"));

        await _stage.TakeAsync(PackageStage.Pack("1.1.0", other));
    }

    [Fact]
    public async Task Load_PackageThatDoesNotStart_IsNotRemembered()
    {
        await using var harness = _stage.Open();
        var file = PackageStage.Pack("9.9.9", change: content => content with { Module = PackageStage.Module("9.9.8") });

        Assert.NotNull((await _stage.LoadAsync(harness, file)).Error);

        Assert.Null(await _stage.States.FindMarkAsync(s_mark, Token));
        await _stage.TakeAsync(PackageStage.Pack());
        Assert.Equal(PackageStage.Version, await _stage.States.FindMarkAsync(s_mark, Token));
    }

    [Fact]
    public async Task K1_Load_ListThatIsRequired_MustBeThereAndInDate()
    {
        var bare = PackageStage.Module();
        _stage.IsRevocationRequired = true;
        await _stage.RefuseAsync(PackageStage.Pack(), "trust.revocation requires one", without: null);

        _stage.Folder = WithList(3, PackageStage.Now.AddDays(-1));
        await _stage.RefuseAsync(PackageStage.Pack(), "expired at", new() { ChecksExpiry = false });
        _stage.IsListed = false;
        await _stage.RefuseAsync(bare, "expired at", new() { ChecksExpiry = false }, name: "a.wasm");

        _stage.Folder = WithList(4, PackageStage.Now.AddDays(1));
        await _stage.TakeAsync(PackageStage.Pack());

        _stage.Folder = WithList(3, PackageStage.Now.AddDays(1));
        await _stage.RefuseAsync(PackageStage.Pack(), "number 3, 4 was there before", new() { RefusesOlderLists = false });
    }

    [Fact]
    public async Task K1_Load_ListThatIsNotValid_StopsAllLoading()
    {
        var good = WithList(4, PackageStage.Now.AddDays(1));
        _stage.Folder = good with { Revocations = good.Revocations! with { Number = 5 } };
        await _stage.RefuseAsync(PackageStage.Pack(), "is not valid", new() { ChecksLists = false });
        _stage.Folder = TrustFolder.Empty with { Keys = [PackageStage.Record], IsRevocationListBroken = true };
        await _stage.RefuseAsync(PackageStage.Pack(), "cannot be read", new() { ChecksLists = false });
    }

    [Fact]
    public async Task K1_Load_ListThatDisappears_BringsNoKeyBackAndIsSaidAloud()
    {
        using var bad = SigningKey.Create();
        _stage.IsListed = false;
        _stage.Folder = WithList(4, PackageStage.Now.AddDays(1), bad.Id);
        await _stage.TakeAsync(PackageStage.Pack());
        _stage.Folder = new([PackageStage.Record], null, []);

        await _stage.RefuseAsync(PackageStage.Pack(key: bad), "was revoked", new() { HeedsRevocations = false });

        await using var harness = _stage.Open();
        await _stage.LoadAsync(harness, PackageStage.Pack());
        await _stage.LoadAsync(harness, PackageStage.Pack(), manifest => manifest with { Id = new("second") });
        Assert.Contains("is gone", Assert.Single(harness.Log.Of(TrustDoubted)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ProblemOfTheFolder_IsSaidOnceUntilItComesAgain()
    {
        var problem = new ConfigurationProblem(ConfigurationSeverity.Error, "trust/a.yaml", 3, "name", "missing");
        await using var harness = _stage.Open();
        foreach (var folder in new[] { _stage.Folder with { Problems = [problem] }, _stage.Folder with { Problems = [problem] }, _stage.Folder, _stage.Folder with { Problems = [problem] } })
        {
            _stage.Folder = folder;
            await _stage.LoadAsync(harness, [1, 2, 3]);
        }

        Assert.Equal(2, harness.Log.Of(TrustDoubted).Count);
        Assert.Contains("trust/a.yaml:3: error: name: missing", harness.Log.Of(TrustDoubted)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_MarkThatIsNone_IsRefused()
    {
        await _stage.States.SaveMarkAsync("trust.revocations", "nonsense", Token);

        await _stage.RefuseAsync(PackageStage.Pack(), "repair or replace the database", without: null);
    }

    [Fact]
    public async Task Load_DatabaseThatFails_IsRefused()
    {
        using var stage = new PackageStage { States = new TroubledStore { OnMark = () => throw new IOException("the disk is gone") } };

        await stage.RefuseAsync(PackageStage.Pack(), "the disk is gone", without: null);
    }

    private static TrustFolder WithList(long number, DateTimeOffset expires, params KeyId[] keys) =>
        new([PackageStage.Record], TrustDocuments.Revoke(number, expires, keys, PackageStage.Key), []);

    public void Dispose() => _stage.Dispose();
}
