using Luminarys.Skills.Keys;

namespace Luminarys.Lmsk.Tests;

public sealed class GenkeyCommandTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Genkey_Default_MakesAKeyForOneAndAPointForAll()
    {
        using var bench = new Workbench();

        var output = await bench.DoAsync("genkey");

        var file = bench.PathOf("config/luminarys/keys/default.pem");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        }

        using var key = SigningKey.Open(file, null);
        var point = Convert.ToBase64String(key.PublicKey.Span);
        Assert.Equal($"{point}\n", await File.ReadAllTextAsync(bench.PathOf("config/luminarys/keys/default.pub"), TestContext.Current.CancellationToken));
        Assert.Contains(key.Id.Hex, output, StringComparison.Ordinal);
        Assert.Contains(point, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Genkey_FileThatExists_IsKept()
    {
        using var bench = new Workbench();
        await bench.DoAsync("genkey", "-key", "work");
        var file = bench.PathOf("config/luminarys/keys/work.pem");
        var before = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);

        Assert.Equal($"{file}: it exists; name another file", await bench.RefuseAsync("genkey", "-key", "work"));
        Assert.Equal(before, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("./x.pub")]
    [InlineData("./x.PUB")]
    public async Task Genkey_NameOfAPublicFile_IsRefused(string file)
    {
        using var bench = new Workbench();

        Assert.Contains("name the private one, such as ./x.pem", await bench.RefuseAsync("genkey", "-key", file), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.Folder));
    }

    [Fact]
    public async Task Genkey_PublicFileThatExists_IsKept()
    {
        using var bench = new Workbench();
        var file = bench.Write("x.pub", "of somebody else");

        Assert.Contains("./x.pub: it exists", await bench.RefuseAsync("genkey", "-key", "./x.pem"), StringComparison.Ordinal);
        Assert.Equal("of somebody else", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(bench.PathOf("x.pem")));
    }

    [Fact]
    public async Task Genkey_Passphrase_IsNeededToSign()
    {
        using var bench = new Workbench();
        var module = bench.Write("echo.wasm", Modules.Of(Modules.Echo));
        Environment.SetEnvironmentVariable("LMSK_PASSPHRASE", "correct horse");
        await bench.DoAsync("genkey", "-key", "./k.pem");
        await bench.DoAsync("sign", module, "-key", "./k.pem");

        Environment.SetEnvironmentVariable("LMSK_PASSPHRASE", "wrong horse");
        Assert.Contains("that the passphrase opens", await bench.RefuseAsync("sign", module, "-key", "./k.pem"), StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("LMSK_PASSPHRASE", null);
        Assert.Contains("set LMSK_PASSPHRASE", await bench.RefuseAsync("sign", module, "-key", "./k.pem"), StringComparison.Ordinal);
        Assert.DoesNotContain("horse", bench.Everything, StringComparison.Ordinal);
    }
}
