using System.Runtime.Versioning;
using System.Security.Cryptography;
using Luminarys.Cluster.Tests.Support;

namespace Luminarys.Cluster.Tests.Signing;

[UnsupportedOSPlatform("windows")]
public sealed class NodeKeyTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryOpen_SavedKey_HasTheSameFingerprint()
    {
        using var key = NodeKey.Create();
        Assert.Null(key.TrySave(At("a.pem")));

        Assert.True(NodeKey.TryOpen(At("a.pem"), out var opened, out _));

        Assert.Equal(key.Fingerprint, opened.Fingerprint);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(opened.PublicPoint.Span)), key.Fingerprint);
        opened.Dispose();
    }

    [Fact]
    public void TrySave_IsForTheOwnerAlone()
    {
        using var key = NodeKey.Create();
        Assert.Null(key.TrySave(At("sub/a.pem")));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("sub/a.pem")));
    }

    [Fact]
    public void TrySave_ExistingFile_StaysAsItIs()
    {
        File.WriteAllText(At("a.pem"), "mine");
        using var key = NodeKey.Create();

        Assert.Contains("it exists", key.TrySave(At("a.pem")), StringComparison.Ordinal);

        Assert.Equal("mine", File.ReadAllText(At("a.pem")));
    }

    [Fact]
    public void TryOpen_ReadableByOthers_SaysHowToMendIt()
    {
        using var key = NodeKey.Create();
        Assert.Null(key.TrySave(At("a.pem")));
        File.SetUnixFileMode(At("a.pem"), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Problem("a.pem"), StringComparison.Ordinal);
    }

    [Fact]
    public void TryOpen_Missing_SaysHowToMakeOne() => Assert.Contains("luminarys node-key", Problem("none.pem"), StringComparison.Ordinal);

    [Fact]
    public void TryOpen_NoKey_IsRefused() => Assert.Contains("not a private key", Problem(Written("nothing of the kind")), StringComparison.Ordinal);

    [Fact]
    public void TryOpen_PublicKeyAlone_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Contains("not a private key", Problem(Written(key.ExportSubjectPublicKeyInfoPem())), StringComparison.Ordinal);
    }

    [Fact]
    public void TryOpen_OtherCurve_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Contains("not a P-256 key", Problem(Written(key.ExportPkcs8PrivateKeyPem())), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private string Written(string text)
    {
        File.WriteAllText(At("w.pem"), text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At("w.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return "w.pem";
    }

    private string Problem(string name)
    {
        Assert.False(NodeKey.TryOpen(At(name), out _, out var problem));
        return problem;
    }
}
