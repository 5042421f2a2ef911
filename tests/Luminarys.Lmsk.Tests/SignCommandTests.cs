using Luminarys.Skills;
using Luminarys.Skills.Descriptors;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;

namespace Luminarys.Lmsk.Tests;

public sealed class SignCommandTests
{
    [Fact]
    public async Task Sign_Module_WritesThePackageThatItsDescriptorNames()
    {
        using var bench = new Workbench();
        var module = Modules.Of(Modules.Echo);
        var key = bench.MakeKey();

        var output = await bench.DoAsync("sign", bench.Write("echo.wasm", module), "-key", key);

        var result = SkillPackageReader.Read(await File.ReadAllBytesAsync(bench.PathOf("com.example.echo.skill"), TestContext.Current.CancellationToken));
        Assert.Null(result.Fault);
        Assert.Equal(("com.example.echo", "1.2.3"), (result.Package!.Content.Id.Value, result.Package.Content.Version));
        Assert.Equal(CanonicalDescriptor.Write(Modules.Echo), result.Package.Content.Descriptor.ToArray());
        Assert.Equal(module, result.Package.Content.Module.ToArray());
        using var opened = SigningKey.Open(key, null);
        Assert.Equal(opened.Id, result.Package.Key);
        Assert.Contains(opened.Id.Hex, output, StringComparison.Ordinal);
        Assert.Contains("com.example.echo.skill", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("as")]
    [InlineData("go")]
    [InlineData("rust")]
    public async Task Sign_ModuleOfEachLanguage_CanBeVerified(string language)
    {
        using var bench = new Workbench();
        await bench.DoAsync("sign", Modules.Guest(language), "--key", bench.MakeKey(), "-out", "built/guest.skill");

        Assert.Contains("The signature is valid", await bench.DoAsync("verify", "built/guest.skill"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_DescriptorThatIsTooLongInAPackage_SaysSo()
    {
        const ushort Requirements = 55_000;
        using var bench = new Workbench();
        // Each nil becomes an empty requirement.
        byte[] descriptor = [.. CanonicalDescriptor.Write(Modules.Echo)[..^1], 0xdc, Requirements >> 8, Requirements & 0xff, .. Enumerable.Repeat((byte)0xc0, Requirements)];

        var line = await bench.RefuseAsync("sign", bench.Write("echo.wasm", Modules.Of(descriptor)), "-key", bench.MakeKey());

        Assert.Contains("of 1048576 at most", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_Again_ReplacesTheFileAndLeavesNothingElse()
    {
        using var bench = new Workbench();
        var module = bench.Write("echo.wasm", Modules.Of(Modules.Echo));
        var key = bench.MakeKey();
        bench.Write("com.example.echo.skill", "old");

        await bench.DoAsync("sign", module, "-key", key);

        await bench.DoAsync("verify", "com.example.echo.skill");
        Assert.Equal(["com.example.echo.skill", "echo.wasm", "test.pem"], Directory.EnumerateFiles(bench.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Sign_TargetThatCannotBeReplaced_LeavesNothingElse()
    {
        using var bench = new Workbench();
        Directory.CreateDirectory(bench.PathOf("com.example.echo.skill/inside"));

        var line = await bench.RefuseAsync("sign", bench.Write("echo.wasm", Modules.Of(Modules.Echo)), "-key", bench.MakeKey());

        Assert.Contains("com.example.echo.skill: it cannot be written", line, StringComparison.Ordinal);
        Assert.Equal(["echo.wasm", "test.pem"], Directory.EnumerateFiles(bench.Folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("", "1.0.0", "does not say which package it is; write @skill:id")]
    [InlineData("com.example.echo", "", "does not say its version; write @skill:version")]
    [InlineData("com.example.echo", "one", "its version 'one' cannot be signed; write three numbers")]
    [InlineData("echo", "1.0.0", "package id 'echo' cannot be signed")]
    [InlineData("../../com.example", "1.0.0", "cannot be signed; use parts of letters")]
    [InlineData("com.example.a\u001b[2J", "1.0.0", "'com.example.a\\e[2J' cannot be signed")]
    public async Task Sign_ModuleWithoutAProperName_IsRefused(string id, string version, string reason)
    {
        using var bench = new Workbench();
        var module = bench.Write("odd.wasm", Modules.Of(Modules.Echo with { Package = new PackageId(id), Version = version }));

        var line = await bench.RefuseAsync("sign", module, "-key", bench.MakeKey());

        Assert.StartsWith($"{module}: ", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(bench.Folder, "*.skill"));
    }

    [Fact]
    public async Task Sign_ModuleWithoutMethods_IsRefused()
    {
        using var bench = new Workbench();
        var module = bench.Write("odd.wasm", Modules.Of(Modules.Echo with { Methods = [] }));

        Assert.Contains("has no method", await bench.RefuseAsync("sign", module, "-key", bench.MakeKey()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("describe-traps", "skill_describe failed: the skill trapped: unreachable")]
    [InlineData("missing-exports", "'skill_handle', 'skill_describe'")]
    [InlineData("unknown-import", "imports env.launch_rockets")]
    public async Task Sign_BrokenModule_IsRefused(string asset, string reason)
    {
        using var bench = new Workbench();
        var module = bench.Write("broken.wasm", Modules.Asset(asset));

        Assert.Contains(reason, await bench.RefuseAsync("sign", module, "-key", bench.MakeKey()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_NoModule_IsRefused()
    {
        using var bench = new Workbench();
        var key = bench.MakeKey();

        Assert.Contains("it cannot be read", await bench.RefuseAsync("sign", "none.wasm", "-key", key), StringComparison.Ordinal);
        Assert.Contains("it is not a WebAssembly module", await bench.RefuseAsync("sign", bench.Write("text.wasm", "hello, world"), "-key", key), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_KeyThatOthersMayRead_IsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var bench = new Workbench();
        var module = bench.Write("echo.wasm", Modules.Of(Modules.Echo));
        var key = bench.MakeKey();
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Equal($"{key}: others may read this private key; run: chmod 600 {key}", await bench.RefuseAsync("sign", module, "-key", key));
        Assert.Empty(Directory.EnumerateFiles(bench.Folder, "*.skill"));
    }

    [Fact]
    public async Task Sign_WithoutAKey_SaysHowToMakeOne()
    {
        using var bench = new Workbench();

        var line = await bench.RefuseAsync("sign", bench.Write("echo.wasm", Modules.Of(Modules.Echo)));

        Assert.Equal($"{bench.PathOf("config/luminarys/keys/default.pem")}: there is no such key file; make one with: lmsk genkey", line);
    }

    [Fact]
    public async Task Sign_KeyOfTheEnvironment_IsUsed()
    {
        using var bench = new Workbench();
        var key = bench.MakeKey("elsewhere.pem");
        Environment.SetEnvironmentVariable("LMSK_KEY", key);

        using var opened = SigningKey.Open(key, null);
        Assert.Contains(opened.Id.Hex, await bench.DoAsync("sign", bench.Write("echo.wasm", Modules.Of(Modules.Echo))), StringComparison.Ordinal);
    }
}
