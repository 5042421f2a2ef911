using Luminarys.Manifests;
using Luminarys.Skills.Keys;
using Luminarys.Trust;

namespace Luminarys.Lmsk.Tests;

public sealed class TrustCommandTests
{
    private const string Odd = "Ann \"O'Neil\" \\ # ${HOME} $$ é 🙂: [x]";

    [Fact]
    public async Task Add_PublicFile_WritesARecordThatHostsRead()
    {
        using var bench = new Workbench();
        await bench.DoAsync("genkey", "-key", "./ann.pem");

        await bench.DoAsync(
            "trust", "add", "ann.pub", "-name", Odd, "-prefix", "com.example", "-prefix", "org.example.*", "-from", "2026-01-01", "-to", "2030-12-31", "-delegate");

        var record = Assert.Single((await ReadAsync(bench)).Keys);
        using var key = SigningKey.Open("./ann.pem", null);
        Assert.Equal((key.Id, Odd, true, KeyStatus.Active), (record.Id, record.Name, record.IsDelegate, record.Status));
        Assert.Equal(["com.example", "org.example.*"], record.Prefixes);
        Assert.Equal(key.PublicKey.ToArray(), record.PublicKey.ToArray());
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), record.ValidFrom);
        Assert.Equal(new DateTimeOffset(2030, 12, 31, 23, 59, 59, TimeSpan.Zero), record.ValidTo);
        Assert.Null(record.Voucher);
        Assert.True(File.Exists(bench.PathOf($"trust/{key.Id}.yaml")));
    }

    [Fact]
    public async Task Add_PackageOrPoint_IsTheSameKey()
    {
        using var bench = await SignedAsync();
        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "A", "-prefix", "com.example", "-dir", "one");
        using var key = SigningKey.Open("test.pem", null);

        await bench.DoAsync("trust", "add", PublicKeyText.Write(key.PublicKey.Span), "-name", "A", "-prefix", "com.example", "-dir", "two");

        Assert.Equal(await File.ReadAllTextAsync($"one/{key.Id}.yaml", Token), await File.ReadAllTextAsync($"two/{key.Id}.yaml", Token));
    }

    [Fact]
    public async Task Add_KnownKey_KeepsItsRecord()
    {
        using var bench = await SignedAsync();
        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "A", "-prefix", "com.example");

        Assert.Contains("this key has a record already", await bench.RefuseAsync("trust", "add", "com.example.echo.skill", "-name", "B", "-prefix", "*"), StringComparison.Ordinal);
        Assert.Equal("A", Assert.Single((await ReadAsync(bench)).Keys).Name);
    }

    [Theory]
    [InlineData("say whose key it is: -name NAME", "-prefix", "com.example")]
    [InlineData("say which packages it may sign", "-name", "A")]
    [InlineData("is not a prefix of package ids", "-name", "A", "-prefix", "com..example")]
    [InlineData("is not a prefix of package ids", "-name", "A", "-prefix", "com.exa*")]
    [InlineData("-to: 'soon' is not a time", "-name", "A", "-prefix", "*", "-to", "soon")]
    [InlineData("-to lies before -from", "-name", "A", "-prefix", "*", "-from", "2027-01-01", "-to", "2026-01-01T00:00:00Z")]
    public async Task Add_IncompleteOrWrong_SaysWhatToWrite(string message, params string[] options)
    {
        using var bench = await SignedAsync();

        Assert.Contains(message, await bench.RefuseAsync(["trust", "add", "com.example.echo.skill", .. options]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(bench.PathOf("trust")));
    }

    [Fact]
    public async Task Add_WhatIsNoKey_IsRefused()
    {
        using var bench = await SignedAsync();
        bench.Write("off-curve.pub", Convert.ToBase64String([4, .. new byte[64]]));
        bench.Write("broken.skill", "LMSKILL\0");

        Assert.Contains("it is not a public key", await bench.RefuseAsync("trust", "add", "off-curve.pub", "-name", "A", "-prefix", "*"), StringComparison.Ordinal);
        Assert.Contains("it is not a public key", await bench.RefuseAsync("trust", "add", "test.pem", "-name", "A", "-prefix", "*"), StringComparison.Ordinal);
        Assert.Contains("it is cut short", await bench.RefuseAsync("trust", "add", "broken.skill", "-name", "A", "-prefix", "*"), StringComparison.Ordinal);
        Assert.Contains("it cannot be read", await bench.RefuseAsync("trust", "add", "none.pub", "-name", "A", "-prefix", "*"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_TrustFolder_DecidesByKeyAndPrefix()
    {
        using var bench = await SignedAsync();
        Assert.Contains("is not known; if you trust it, run: lmsk trust add", await bench.RefuseAsync("verify", "com.example.echo.skill", "-trust", "trust"), StringComparison.Ordinal);

        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "Other", "-prefix", "org.other", "-dir", "other");
        Assert.Contains("not com.example.echo", await bench.RefuseAsync("verify", "com.example.echo.skill", "-trust", "other"), StringComparison.Ordinal);

        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example");
        Assert.Contains("trusted  signed by 'Ann'", await bench.DoAsync("verify", "com.example.echo.skill", "-trust", "trust"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_KeysOneAfterTheOther_AddsToTheListAndItsNumber()
    {
        using var bench = await SignedAsync();
        bench.MakeKey("root.pem");
        using var root = SigningKey.Open("root.pem", null);
        await bench.DoAsync("trust", "add", PublicKeyText.Write(root.PublicKey.Span), "-name", "Root", "-prefix", "*", "-delegate");
        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example");
        var gone = new string('a', 64);

        await bench.DoAsync("trust", "revoke", gone, "-key", "root.pem", "-expires", "2099-01-01");
        Assert.Contains("trusted", await bench.DoAsync("verify", "com.example.echo.skill", "-trust", "trust"), StringComparison.Ordinal);
        await bench.DoAsync("trust", "revoke", "Ann", "-key", "root.pem", "-expires", "2099-01-01");

        var folder = await ReadAsync(bench);
        Assert.Equal(2, folder.Revocations!.Number);
        Assert.Equal(2, folder.Revocations.Keys.Length);
        Assert.Contains("was revoked", await bench.RefuseAsync("verify", "com.example.echo.skill", "-trust", "trust"), StringComparison.Ordinal);
        Assert.Contains("does not count: key 'Ann' was revoked", await bench.DoAsync("trust", "list"), StringComparison.Ordinal);
        Assert.Contains("revocations number 2, expires 2099-01-01T23:59:59Z", bench.Output, StringComparison.Ordinal);

        await bench.DoAsync("trust", "revoke", "-key", "root.pem");
        Assert.Equal((3, 2), ((await ReadAsync(bench)).Revocations!.Number, (await ReadAsync(bench)).Revocations!.Keys.Length));
    }

    [Fact]
    public async Task Revoke_ByAKeyThatMayNot_WritesNothing()
    {
        using var bench = await SignedAsync();
        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example");

        Assert.Contains("may not revoke", await bench.RefuseAsync("trust", "revoke", "Ann", "-key", "test.pem"), StringComparison.Ordinal);
        Assert.Contains("no key has the name 'Bob'", await bench.RefuseAsync("trust", "revoke", "Bob", "-key", "test.pem"), StringComparison.Ordinal);
        Assert.False(File.Exists("trust/revocations.yaml"));
    }

    [Fact]
    public async Task Revoke_BeyondTheEndOfTheSigner_IsRefused()
    {
        using var bench = await SignedAsync();
        var end = TimeProvider.System.GetUtcNow().AddDays(30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example", "-delegate", "-to", end);
        var gone = new string('a', 64);

        var line = await bench.RefuseAsync("trust", "revoke", gone, "-key", "test.pem", "-expires", "9999-12-31");
        Assert.Equal($"-expires: it lies after {end}T23:59:59Z, the end of the key that signs; name an earlier time", line);
        Assert.False(File.Exists("trust/revocations.yaml"));

        Assert.Contains($"expires  {end}T23:59:59Z", await bench.DoAsync("trust", "revoke", gone, "-key", "test.pem"), StringComparison.Ordinal);
        await bench.DoAsync("trust", "revoke", "-key", "test.pem", "-expires", end);
    }

    [Fact]
    public async Task Revoke_LastDayAndLastNumber_AreNoExceptions()
    {
        using var bench = await SignedAsync();
        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example", "-delegate");
        using var key = SigningKey.Open("test.pem", null);
        await bench.DoAsync("trust", "revoke", new string('a', 64), "-key", "test.pem", "-expires", "9999-12-31");
        Assert.Contains("expires  9999-12-31T23:59:59Z", bench.Output, StringComparison.Ordinal);

        var last = Luminarys.Skills.Trust.TrustDocuments.Revoke(long.MaxValue, new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), [], key);
        bench.Write("trust/revocations.yaml", TrustYaml.Write(last));

        Assert.Contains("no list can follow it", await bench.RefuseAsync("trust", "revoke", new string('b', 64), "-key", "test.pem"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_ListThatCannotBeRead_IsNotWrittenOver()
    {
        using var bench = await SignedAsync();
        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example", "-delegate");
        bench.Write("trust/revocations.yaml", "number: many\n");

        Assert.Equal(LmskCommand.Failed, await bench.RunAsync("trust", "revoke", new string('a', 64), "-key", "test.pem"));

        Assert.Equal("number: many\n", await File.ReadAllTextAsync("trust/revocations.yaml", Token));
    }

    [Fact]
    public async Task Delegate_KnownDelegate_MakesItsKeyCount()
    {
        using var bench = await SignedAsync();
        bench.MakeKey("root.pem");
        using var root = SigningKey.Open("root.pem", null);
        await bench.DoAsync("trust", "add", PublicKeyText.Write(root.PublicKey.Span), "-name", "Root", "-prefix", "com.example", "-delegate");

        await bench.DoAsync("trust", "delegate", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example.echo", "-key", "root.pem");

        Assert.Contains("trusted  signed by 'Ann'", await bench.DoAsync("verify", "com.example.echo.skill", "-trust", "trust"), StringComparison.Ordinal);
        Assert.Contains($"vouched  by {root.Id}", await bench.DoAsync("trust", "list"), StringComparison.Ordinal);

        using var ann = SigningKey.Open("test.pem", null);
        await bench.DoAsync("trust", "delegate", ann.Id.Hex, "-to", "2020-01-01", "-key", "root.pem");
        Assert.Contains("key 'Ann' was not valid", await bench.RefuseAsync("verify", "com.example.echo.skill", "-trust", "trust"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delegate_VouchedAgainByPackageOrPoint_KeepsWhatTheRecordSays()
    {
        using var bench = await SignedAsync();
        bench.MakeKey("root.pem");
        using var root = SigningKey.Open("root.pem", null);
        using var ann = SigningKey.Open("test.pem", null);
        await bench.DoAsync("trust", "add", PublicKeyText.Write(root.PublicKey.Span), "-name", "Root", "-prefix", "com.example", "-delegate");
        await bench.DoAsync("trust", "delegate", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example.echo", "-to", "2098-01-01", "-key", "root.pem");

        await bench.DoAsync("trust", "delegate", "com.example.echo.skill", "-name", "Anna", "-key", "root.pem");
        await bench.DoAsync("trust", "delegate", PublicKeyText.Write(ann.PublicKey.Span), "-from", "2026-01-01", "-key", "root.pem");

        var record = Assert.Single((await ReadAsync(bench)).Keys, record => record.Id == ann.Id);
        Assert.Equal(("Anna", "com.example.echo"), (record.Name, Assert.Single(record.Prefixes)));
        Assert.Equal(new DateTimeOffset(2098, 1, 1, 23, 59, 59, TimeSpan.Zero), record.ValidTo);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("retired")]
    public async Task Delegate_RecordThatIsNotActive_IsKept(string status)
    {
        using var bench = await SignedAsync();
        bench.MakeKey("root.pem");
        using var root = SigningKey.Open("root.pem", null);
        using var ann = SigningKey.Open("test.pem", null);
        await bench.DoAsync("trust", "add", PublicKeyText.Write(root.PublicKey.Span), "-name", "Root", "-prefix", "com.example", "-delegate");
        await bench.DoAsync("trust", "add", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example");
        var file = $"trust/{ann.Id}.yaml";
        var text = (await File.ReadAllTextAsync(file, Token)).Replace("status: active", $"status: {status}", StringComparison.Ordinal);
        bench.Write(file, text);

        foreach (var key in new[] { ann.Id.Hex, "com.example.echo.skill", PublicKeyText.Write(ann.PublicKey.Span) })
        {
            var line = await bench.RefuseAsync("trust", "delegate", key, "-name", "Ann", "-prefix", "com.example", "-key", "root.pem");
            Assert.Contains($"the key's status is {status}", line, StringComparison.Ordinal);
        }

        Assert.Equal(text, await File.ReadAllTextAsync(file, Token));
    }

    [Fact]
    public async Task Delegate_BeyondTheDelegatesPrefixes_WritesNothing()
    {
        using var bench = await SignedAsync();
        bench.MakeKey("root.pem");
        using var root = SigningKey.Open("root.pem", null);
        await bench.DoAsync("trust", "add", PublicKeyText.Write(root.PublicKey.Span), "-name", "Root", "-prefix", "org.other", "-delegate");

        var line = await bench.RefuseAsync("trust", "delegate", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example", "-key", "root.pem");

        Assert.Contains("claims the prefix 'com.example'", line, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles("trust"));
    }

    [Fact]
    public async Task Delegate_UnknownHere_WarnsAndSignsForOthers()
    {
        using var bench = await SignedAsync();
        bench.MakeKey("root.pem");

        await bench.DoAsync("trust", "delegate", "com.example.echo.skill", "-name", "Ann", "-prefix", "com.example", "-key", "root.pem", "-dir", "out");

        Assert.Contains("the record counts where it is trusted as a delegate", bench.Errors, StringComparison.Ordinal);
        Assert.Contains("does not count: key 'Ann' is vouched for by", await bench.DoAsync("trust", "list", "-dir", "out"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lmsk_EveryVerb_NeverPrintsThePrivateKey()
    {
        using var bench = await SignedAsync();
        await bench.DoAsync("genkey", "-key", "./k.pem");
        await bench.DoAsync("sign", "echo.wasm", "-key", "k.pem", "-out", "k.skill");
        await bench.DoAsync("verify", "k.skill");
        await bench.DoAsync("info", "k.skill");
        await bench.DoAsync("info", "k.skill", "-json");
        await bench.DoAsync("trust", "add", "k.pub", "-name", "K", "-prefix", "*", "-delegate");
        await bench.DoAsync("trust", "delegate", "com.example.echo.skill", "-name", "A", "-prefix", "*", "-key", "k.pem");
        await bench.DoAsync("trust", "revoke", "A", "-key", "k.pem");
        await bench.DoAsync("trust", "list");
        foreach (var wrong in new[] { "verify", "info" })
        {
            await bench.RefuseAsync(wrong, "k.pem");
        }

        await bench.RefuseAsync("trust", "add", "k.pem", "-name", "K", "-prefix", "*");
        await bench.RefuseAsync("genkey", "-key", "./k.pem");
        Assert.Equal(LmskCommand.Usage, await bench.RunAsync("sign", "-key", "k.pem"));

        var printed = bench.Everything + string.Concat(
            Directory.EnumerateFiles(bench.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".pem", StringComparison.Ordinal)).Select(File.ReadAllText));
        var secret = PrivatePart(await File.ReadAllTextAsync("k.pem", Token));
        foreach (var form in new[] { Convert.ToBase64String(secret), Convert.ToHexString(secret), Convert.ToHexStringLower(secret) })
        {
            Assert.DoesNotContain(form[..16], printed, StringComparison.Ordinal);
        }

        foreach (var line in (await File.ReadAllTextAsync("k.pem", Token)).Split('\n').Where(line => line.Length > 0))
        {
            Assert.DoesNotContain(line, printed, StringComparison.Ordinal);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static byte[] PrivatePart(string pem)
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(pem);
        return key.ExportParameters(includePrivateParameters: true).D!;
    }

    private static async Task<Workbench> SignedAsync()
    {
        var bench = new Workbench();
        await bench.DoAsync("sign", bench.Write("echo.wasm", Modules.Of(Modules.Echo)), "-key", bench.MakeKey());
        return bench;
    }

    // Without a single problem, not even a warning.
    private static async Task<TrustFolder> ReadAsync(Workbench bench)
    {
        var folder = await new TrustFolderReader(bench.PathOf("trust")).ReadAsync(Token);
        Assert.Empty(folder.Problems);
        return folder;
    }
}
