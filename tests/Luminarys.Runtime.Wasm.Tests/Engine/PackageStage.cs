using System.Text;
using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.Skills.Descriptors;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;
using Luminarys.Skills.Trust;
using Luminarys.State;
using Luminarys.Trust;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

/// <summary>Hosts one after another that share a database and a trust folder, and packages for them.</summary>
internal sealed class PackageStage : ITrustSource, IDisposable
{
    public const string Version = "1.2.0";
    private const int CompilationBegan = 3082;
    private static readonly byte[] s_descriptorHead = [0x83, 0xa8, .. "skill_id"u8];
    private const int DescriptorLength = 51;

    private readonly string _directory = Directory.CreateTempSubdirectory("luminarys-packages-").FullName;

    public static SigningKey Key { get; } = SigningKey.Create();

    public static DateTimeOffset Now => DateTimeOffset.UtcNow;

    public static KeyRecord Record { get; } = RecordOf(Key);

    public TrustFolder Folder { get; set; } = new([Record], null, []);

    public IStateStore States { get; init; } = new MemoryStateStore();

    /// <summary>Whether only listed keys may sign.</summary>
    public bool IsListed { get; set; } = true;

    public bool IsRevocationRequired { get; set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static KeyRecord RecordOf(SigningKey key, params string[] prefixes) =>
        new(key.Id, "tester", prefixes is [] ? ["test"] : [.. prefixes]) { PublicKey = key.PublicKey, IsDelegate = true };

    /// <summary>The module, saying that it has this version: of five characters.</summary>
    public static byte[] Module(string version = Version)
    {
        var module = File.ReadAllBytes(WasmAssets.PathOf("signed"));
        Encoding.ASCII.GetBytes(version).CopyTo(module.AsSpan(module.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Version))));
        return module;
    }

    public static PackageContent Content(string version = Version)
    {
        var module = Module(version);
        var at = module.AsSpan().IndexOf(s_descriptorHead);
        Assert.True(DescriptorCodec.TryRead(module.AsMemory(at, DescriptorLength), new List<string>(), out var descriptor, out var fault), fault);
        return new(new PackageId("test.signed"), version, CanonicalDescriptor.Write(descriptor), module);
    }

    public static byte[] Pack(string version = Version, SigningKey? key = null, Func<PackageContent, PackageContent>? change = null)
    {
        var content = Content(version);
        return SkillPackageWriter.Write(change?.Invoke(content) ?? content, key ?? Key, Now);
    }

    public ValueTask<TrustFolder> ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Folder);

    public RuntimeHarness Open(TrustDefences? defences = null) => new(
        options =>
        {
            options.OnlyTrustedPackages = IsListed;
            options.RequireRevocationList = IsRevocationRequired;
        },
        states: States,
        trust: this,
        defences: defences);

    /// <summary>Writes a file and loads it in a host that runs.</summary>
    public async Task<SkillLoadResult> LoadAsync(RuntimeHarness harness, byte[] file, Func<Manifest, Manifest>? manifest = null, string name = "a.skill")
    {
        var path = Path.Combine(_directory, name);
        await File.WriteAllBytesAsync(path, file, Token);
        var named = new Manifest(RuntimeHarness.Id, "a.yaml", path);
        return await harness.Runtime.LoadAsync(manifest?.Invoke(named) ?? named, harness.Host, Token);
    }

    /// <summary>Loads a file in a new host; it must load.</summary>
    public async Task<SkillLoadResult> TakeAsync(
        byte[] file, Func<Manifest, Manifest>? manifest = null, string name = "a.skill", TrustDefences? defences = null)
    {
        await using var harness = Open(defences);
        var result = await LoadAsync(harness, file, manifest, name);
        Assert.Null(result.Error);
        Assert.Single(harness.Log.Of(CompilationBegan));
        return result;
    }

    /// <summary>Loads a file in a new host; it must be refused for this reason, and before any of it is compiled. Without the defence it must load.</summary>
    public async Task RefuseAsync(
        byte[] file, string reason, TrustDefences? without, Func<Manifest, Manifest>? manifest = null, string name = "a.skill")
    {
        await using (var harness = Open())
        {
            var result = await LoadAsync(harness, file, manifest, name);
            Assert.Null(result.Skill);
            Assert.Contains(reason, result.Error, StringComparison.Ordinal);
            AssertNothingCompiled(harness);
        }

        if (without is not null)
        {
            await TakeAsync(file, manifest, name, without);
        }
    }

    public static void AssertNothingCompiled(RuntimeHarness harness) => Assert.Empty(harness.Log.Of(CompilationBegan));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
