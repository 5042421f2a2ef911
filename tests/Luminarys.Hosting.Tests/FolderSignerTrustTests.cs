using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.Trust;

namespace Luminarys.Hosting.Tests;

public sealed class FolderSignerTrustTests
{
    private static readonly KeyId s_key = KeyId.Of("key"u8);
    private static readonly PackageId s_package = new("com.example.tool");

    [Fact]
    public async Task ReadAsync_KnownKeyThatCoversThePackage_IsTrusted() => Assert.True(await IsTrustedAsync(Record()));

    [Fact]
    public async Task ReadAsync_OtherKeyOrNone_IsNot()
    {
        Assert.False(await IsTrustedAsync(Record() with { Id = KeyId.Of("other"u8) }));
        Assert.False(await IsTrustedAsync());
        Assert.False((await new FolderSignerTrust(null, false, TimeProvider.System).ReadAsync(TestContext.Current.CancellationToken))(s_key, s_package));
    }

    [Fact]
    public async Task ReadAsync_KeyOfOtherPackages_IsNot() => Assert.False(await IsTrustedAsync(Record() with { Prefixes = ["org.example"] }));

    [Theory]
    [InlineData(KeyStatus.Retired)]
    [InlineData(KeyStatus.Revoked)]
    public async Task ReadAsync_KeyWhoseTimeIsOver_IsNot(KeyStatus status) => Assert.False(await IsTrustedAsync(Record() with { Status = status }));

    [Fact]
    public async Task ReadAsync_BrokenListOfRevokedKeys_TrustsNobody() =>
        Assert.False(await IsTrustedAsync(new TrustFolder([Record()], null, []) { IsRevocationListBroken = true }, false));

    [Fact]
    public async Task ReadAsync_ListRequiredAndMissing_TrustsNobody() => Assert.False(await IsTrustedAsync(new TrustFolder([Record()], null, []), true));

    private static KeyRecord Record() => new(s_key, "vendor", ["com.example"]);

    private static Task<bool> IsTrustedAsync(params KeyRecord[] keys) => IsTrustedAsync(new TrustFolder([.. keys], null, []), false);

    private static async Task<bool> IsTrustedAsync(TrustFolder folder, bool isListRequired)
    {
        var trust = new FolderSignerTrust(new Source(folder), isListRequired, TimeProvider.System);
        return (await trust.ReadAsync(TestContext.Current.CancellationToken))(s_key, s_package);
    }

    private sealed class Source(TrustFolder folder) : ITrustSource
    {
        public ValueTask<TrustFolder> ReadAsync(CancellationToken cancellationToken) => new(folder);
    }
}
