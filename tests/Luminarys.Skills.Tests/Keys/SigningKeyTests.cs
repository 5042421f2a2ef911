using System.Security.Cryptography;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;

namespace Luminarys.Skills.Tests.Keys;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SigningKeyTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("luminarys-keys-");

    private string File => Path.Combine(_directory.FullName, "keys", "mine.pem");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("a passphrase")]
    public void Open_SavedKey_SignsAsBefore(string? passphrase)
    {
        using var key = SigningKey.Create();
        key.Save(File, passphrase);

        using var opened = SigningKey.Open(File, passphrase);

        Assert.Equal(key.Id, opened.Id);
        Assert.True(SkillPackageReader.Read(SkillPackageWriter.Write(Samples.Content, opened, Samples.SignedAt)).IsSuccess);
    }

    [Fact]
    public void Save_NewFile_IsForTheOwnerAlone()
    {
        using var key = SigningKey.Create();
        key.Save(File, null);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(UnixFileMode.None, System.IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead));
    }

    [Fact]
    public void Save_FileExists_LeavesIt()
    {
        using var key = SigningKey.Create();
        key.Save(File, null);
        var before = System.IO.File.ReadAllText(File);

        Assert.Contains("it exists", Assert.Throws<KeyFileException>(() => key.Save(File, null)).Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllText(File));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Open_OthersMayReadIt_IsRefused(UnixFileMode exposed)
    {
        using var key = SigningKey.Create();
        key.Save(File, null);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | exposed);

        Assert.Contains("chmod 600", Assert.Throws<KeyFileException>(() => SigningKey.Open(File, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WrongPassphrase_SaysSoWithoutTheKey()
    {
        using var key = SigningKey.Create();
        key.Save(File, "right");

        var wrong = Assert.Throws<KeyFileException>(() => SigningKey.Open(File, "wrong"));
        var missing = Assert.Throws<KeyFileException>(() => SigningKey.Open(File, null));

        Assert.Contains("passphrase", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("LMSK_PASSPHRASE", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_KeyOfAnotherCurve_IsRefused()
    {
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384);
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, other.ExportPkcs8PrivateKeyPem());
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Contains("P-256", Assert.Throws<KeyFileException>(() => SigningKey.Open(File, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ExplicitParameters_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(key.ExportExplicitParameters(includePrivateParameters: true));
        Write(other.ExportPkcs8PrivateKeyPem());

        Assert.Contains("P-256", Assert.Throws<KeyFileException>(() => SigningKey.Open(File, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PublicKey_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write(key.ExportSubjectPublicKeyInfoPem());

        Assert.Contains("not a private key", Assert.Throws<KeyFileException>(() => SigningKey.Open(File, null)).Message, StringComparison.Ordinal);
    }

    private void Write(string pem)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, pem);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Open_NoFile_SaysHowToMakeOne()
    {
        Assert.Contains("lmsk genkey", Assert.Throws<KeyFileException>(() => SigningKey.Open(File, null)).Message, StringComparison.Ordinal);
    }
}
