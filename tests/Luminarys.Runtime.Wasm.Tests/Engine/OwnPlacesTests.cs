using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class OwnPlacesTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("luminarys-own-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("/host")]
    [InlineData("")]
    [InlineData("/*")]
    [InlineData("/**")]
    [InlineData("/**/home")]
    [InlineData("/host/state")]
    [InlineData("/host/state/daemons")]
    [InlineData("/host/state/home")]
    [InlineData("/host/state/home/other")]
    [InlineData("/host/state/home/*")]
    [InlineData("/host/state/home/mine-too")]
    [InlineData("/host/*/tmp/x*")]
    [InlineData("/host/st**")]
    [InlineData("/host/{state,x}/daemons")]
    [InlineData("/{host/state,x}/daemons")]
    [InlineData("/h?st/s*/home/[a-z]*")]
    [InlineData("/link")]
    [InlineData("/link/*")]
    [InlineData("/host/state/home/mine/out")]
    public void S1_FindFault_GrantReachesTheStateDirectory_NamesTheLine(string grant)
    {
        Prepare();

        foreach (var (key, manifest) in Manifests(grant))
        {
            var fault = OwnPlaces.FindFault(manifest, Options());

            Assert.Contains($"{key}: {_root.FullName}{grant} reaches the host's own state directory", fault, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/host/state/home/mine")]
    [InlineData("/host/state/home/mine/deep")]
    [InlineData("/host/state/tmp/mine")]
    [InlineData("/srv")]
    [InlineData("/host/state2")]
    [InlineData("/host/other*")]
    [InlineData("/host/x**")]
    [InlineData("/*/data")]
    [InlineData("/w*/**/state")]
    public void FindFault_GrantOfItsOwnHomeOrElsewhere_IsNone(string grant)
    {
        Prepare();

        Assert.All(Manifests(grant), each => Assert.Null(OwnPlaces.FindFault(each.Manifest, Options())));
    }

    [Theory]
    [InlineData("/srv", "/srv/luminarys.db", true)]
    [InlineData("/srv/luminarys.db", "/srv/luminarys.db", true)]
    [InlineData("/srv/*.db", "/srv/luminarys.db", true)]
    [InlineData("/srv/data", "/srv/luminarys.db", false)]
    [InlineData("/srv/trust/keys", "/srv/trust", true)]
    [InlineData("/srv/trust*", "/srv/trust", true)]
    [InlineData("/srv/trustees", "/srv/trust", false)]
    public void FindFault_GrantReachesAPathOfTheHost_NamesBoth(string grant, string path, bool isReached)
    {
        Prepare();
        var options = Options();
        options.OwnPaths.Add($"{_root.FullName}{path}");

        foreach (var (key, manifest) in Manifests(grant))
        {
            var fault = OwnPlaces.FindFault(manifest, options);

            Assert.Equal(isReached ? $"its grant {key}: {_root.FullName}{grant} reaches {_root.FullName}{path}, which is the host's own; grant less, or move it" : null, fault);
        }
    }

    [Fact]
    public void FindFault_WorkDirectoryAnywhere_OpensNothing()
    {
        var manifest = new Manifest(new SkillId("mine"), "mine.yaml", "/mine.wasm")
        {
            Permissions = PermissionSet.None with { Shell = new ShellPermission(["**"], ["**"]) },
        };

        Assert.Null(OwnPlaces.FindFault(manifest, Options()));
    }

    [Fact]
    public async Task S1_Load_GrantReachesTheStateDirectory_IsRefused()
    {
        Prepare();
        await using var harness = new RuntimeHarness(options => options.StateDirectory = $"{_root.FullName}/host/state");
        var grant = new DirectoryGrant($"{_root.FullName}/host", AccessMode.ReadWrite);

        var result = await harness.LoadAsync("echo", manifest => manifest with { Permissions = PermissionSet.None with { Directories = [grant] } });

        Assert.Contains("reaches the host's own state directory", result.Error, StringComparison.Ordinal);
    }

    private WasmRuntimeOptions Options() => new() { StateDirectory = $"{_root.FullName}/host/state" };

    private void Prepare()
    {
        _root.CreateSubdirectory("host/state/daemons");
        _root.CreateSubdirectory("host/state/home/mine");
        Directory.CreateSymbolicLink($"{_root.FullName}/link", $"{_root.FullName}/host/state");
        Directory.CreateSymbolicLink($"{_root.FullName}/host/state/home/mine/out", $"{_root.FullName}/host/state/daemons");
    }

    private (string Key, Manifest Manifest)[] Manifests(string grant)
    {
        var plain = new Manifest(new SkillId("mine"), "mine.yaml", "/mine.wasm");
        DirectoryGrant[] grants = [new($"{_root.FullName}{grant}", AccessMode.ReadOnly)];
        return
        [
            ("permissions.fs.dirs", plain with { Permissions = PermissionSet.None with { Directories = [.. grants] } }),
            ("permissions.file_transfer.local_dirs", plain with { Permissions = PermissionSet.None with { FileTransfer = new(["*"], [.. grants]) } }),
            ("permissions.shell.allowed_dirs", plain with { Permissions = PermissionSet.None with { Shell = new(["**"], [grants[0].Pattern]) } }),
        ];
    }
}
