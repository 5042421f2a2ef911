using Luminarys.Skills;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

/// <summary>Packages that load, and all those that do not: refused before any WebAssembly is parsed. Each refusal is seen to depend on its defence.</summary>
public sealed class PackageAdmissionTests : IDisposable
{
    private readonly PackageStage _stage = new();

    [Fact]
    public async Task Load_PackageOfAListedKey_LoadsAndNamesItsSigner()
    {
        var result = await _stage.TakeAsync(PackageStage.Pack());

        Assert.Equal(PackageStage.Key.Id, result.Skill!.Signer);
        Assert.True(result.Skill.IsTrusted);
        Assert.Equal(PackageDigest.Of(PackageStage.Module()), result.Skill.Digest);
        Assert.Equal(PackageStage.Version, result.Skill.Descriptor.Version);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task K1_Load_AnyByteFlipped_IsRefusedAndTheEngineNeverCompiles()
    {
        _stage.IsListed = false;
        await using var harness = _stage.Open();
        var file = PackageStage.Pack();
        for (var i = 0; i < file.Length; i++)
        {
            file[i] ^= (byte)(1 << (i % 8));
            var result = await _stage.LoadAsync(harness, file);
            Assert.True(result.Skill is null, $"byte {i}");
            file[i] ^= (byte)(1 << (i % 8));
        }

        PackageStage.AssertNothingCompiled(harness);
        Assert.Null((await _stage.LoadAsync(harness, file)).Error);
    }

    [Fact]
    public async Task K1_Load_CutAtAnyLengthOrLonger_IsRefusedAndTheEngineNeverCompiles()
    {
        _stage.IsListed = false;
        await using var harness = _stage.Open();
        var file = PackageStage.Pack();
        for (var length = 0; length < file.Length; length++)
        {
            Assert.True((await _stage.LoadAsync(harness, file[..length])).Skill is null, $"length {length}");
        }

        Assert.Contains("bytes after its end", (await _stage.LoadAsync(harness, [.. file, 0])).Error, StringComparison.Ordinal);
        PackageStage.AssertNothingCompiled(harness);
    }

    [Fact]
    public void K1_Read_PackageOfARealGuest_AnyFlippedByteIsRefused()
    {
        const int Dense = 4096;
        const int Stride = 61;
        var module = File.ReadAllBytes(WasmAssets.PathOf("guests/conformance-as"));
        var file = SkillPackageWriter.Write(PackageStage.Content() with { Module = module }, PackageStage.Key, PackageStage.Now);
        Assert.True(SkillPackageReader.Read(file).IsSuccess);
        for (var i = 0; i < file.Length; i += i < Dense ? 1 : Stride)
        {
            file[i] ^= 0x10;
            Assert.False(SkillPackageReader.Read(file).IsSuccess, $"byte {i}");
            file[i] ^= 0x10;
        }
    }

    [Fact]
    public async Task K1_Load_Altered_DependsOnTheDefences()
    {
        var file = PackageStage.Pack();
        file[10 + 4 + 1 + 65] ^= 1;
        await _stage.RefuseAsync(file, "signature is not valid", new() { ChecksSignatures = false });
        await _stage.RefuseAsync([.. PackageStage.Pack(), 0], "after its end", new() { RefusesTrailingBytes = false });

        // A constant of the guest, in a function that nothing here calls.
        ReadOnlySpan<byte> constant = [0x41, 0x80, 0x20];
        file = PackageStage.Pack();
        file[file.AsSpan().LastIndexOf(constant) + 1] ^= 1;
        await _stage.RefuseAsync(file, "not what was signed", new() { ChecksDigests = false });
    }

    [Fact]
    public async Task K1_Load_Unsigned_LoadsOnlyWhereAnyKeyMaySign()
    {
        await _stage.RefuseAsync(PackageStage.Module(), "bare module", new() { RefusesUnsigned = false }, name: "a.wasm");
        await _stage.RefuseAsync(PackageStage.Module(), "not a skill package", new() { RefusesUnsigned = false });
        _stage.IsListed = false;
        await _stage.RefuseAsync(PackageStage.Module(), "not a skill package", new() { RefusesUnsigned = false });

        var result = await _stage.TakeAsync(PackageStage.Module(), name: "a.wasm");

        Assert.Contains("a bare module runs unverified", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Null(result.Skill!.Signer);
        Assert.False(result.Skill.IsTrusted);
    }

    [Fact]
    public async Task Load_PackageUnderAnotherName_IsAPackage() => Assert.True((await _stage.TakeAsync(PackageStage.Pack(), name: "a.wasm")).Skill!.IsTrusted);

    [Fact]
    public async Task K1_Load_UnknownKey_LoadsOnlyWhereAnyKeyMaySign()
    {
        using var stranger = SigningKey.Create();
        await _stage.RefuseAsync(PackageStage.Pack(key: stranger), "is not known", new() { RefusesUnknownKeys = false });
        _stage.IsListed = false;

        var result = await _stage.TakeAsync(PackageStage.Pack(key: stranger));

        Assert.Contains("untrusted: key", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(stranger.Id, result.Skill!.Signer);
        Assert.False(result.Skill.IsTrusted);
    }

    [Fact]
    public async Task K1_Load_RevokedKey_NeverLoads()
    {
        var without = new TrustDefences { HeedsRevocations = false };
        foreach (var isListed in new[] { true, false })
        {
            _stage.IsListed = isListed;
            _stage.Folder = new([PackageStage.Record with { Status = KeyStatus.Revoked }], null, []);
            await _stage.RefuseAsync(PackageStage.Pack(), "was revoked", without);
            _stage.Folder = new([PackageStage.Record], TrustDocuments.Revoke(1, PackageStage.Now.AddDays(1), [PackageStage.Key.Id], PackageStage.Key), []);
            await _stage.RefuseAsync(PackageStage.Pack(), "was revoked", without);
        }
    }

    [Fact]
    public async Task K1_Load_WrongPrefix_IsRefused()
    {
        _stage.Folder = new([PackageStage.RecordOf(PackageStage.Key, "test.sign", "com")], null, []);
        await _stage.RefuseAsync(PackageStage.Pack(), "not test.signed", new() { ChecksPrefixes = false });
    }

    [Fact]
    public async Task K1_Load_DelegateChain_LoadsAndCircleDoesNot()
    {
        using var root = SigningKey.Create();
        using var middle = SigningKey.Create();
        var leaf = TrustDocuments.Sign(PackageStage.Record, middle);
        _stage.Folder = new([PackageStage.RecordOf(root), TrustDocuments.Sign(PackageStage.RecordOf(middle), root), leaf], null, []);
        Assert.True((await _stage.TakeAsync(PackageStage.Pack())).Skill!.IsTrusted);

        _stage.Folder = new([TrustDocuments.Sign(PackageStage.RecordOf(middle), PackageStage.Key), leaf], null, []);
        await _stage.RefuseAsync(PackageStage.Pack(), "vouch for each other", new() { RefusesCircles = false });
    }

    [Fact]
    public async Task K1_Load_Pin_IsTheModulesOrTheFiles()
    {
        var file = PackageStage.Pack();
        await _stage.TakeAsync(file, manifest => manifest with { Digest = PackageDigest.Of(file) });
        await _stage.TakeAsync(file, manifest => manifest with { Digest = PackageDigest.Of(PackageStage.Module()) });
        await _stage.RefuseAsync(PackageStage.Pack("1.2.1"), "the manifest pins", new() { ChecksPins = false }, manifest => manifest with { Digest = PackageDigest.Of(file) });
    }

    [Fact]
    public async Task K1_Load_HeaderOfAnotherPackage_IsRefused()
    {
        var without = new TrustDefences { ComparesNames = false };
        await _stage.RefuseAsync(PackageStage.Pack(change: content => content with { Version = "1.2.1" }), "its header names test.signed 1.2.1", without);
        await _stage.RefuseAsync(PackageStage.Pack(change: content => content with { Id = new PackageId("test.other") }), "its header names test.other", without);
    }

    [Fact]
    public async Task K1_Load_MalformedDescriptor_IsRefused() =>
        await _stage.RefuseAsync(PackageStage.Pack(change: content => content with { Descriptor = new byte[] { 0xc1 } }), "its signed descriptor is malformed", null);

    [Fact]
    public async Task K1_Load_ModuleThatDescribesItselfOtherwise_IsRefused()
    {
        var file = PackageStage.Pack(change: content => content with { Module = PackageStage.Module("1.2.1") });
        await using var harness = _stage.Open();

        var result = await _stage.LoadAsync(harness, file);

        Assert.Contains("what the module says of itself is not what was signed", result.Error, StringComparison.Ordinal);
        var taken = await _stage.TakeAsync(file, defences: new() { ComparesDescriptors = false });
        Assert.Equal(PackageStage.Version, taken.Skill!.Descriptor.Version);
    }

    [Fact]
    public async Task Load_PackageOfSomethingElse_SaysSo() =>
        await _stage.RefuseAsync(PackageStage.Pack(change: content => content with { Module = new byte[100] }), "not a WebAssembly module", null);

    public void Dispose() => _stage.Dispose();
}
