using System.Globalization;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

/// <summary>What the kernel keeps programs from.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ShellFenceTests
{
    private static readonly string s_host = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task S5_Execute_EnvironmentOfTheHost_CannotBeReadFromTheSystem()
    {
        Assert.SkipUnless(ProgramFence.IsSupported, "this kernel has no Landlock");
        await using var shell = new ShellHarness();
        await using var open = new ShellHarness(configure: options => options.ShellIsolation = ProgramIsolation.None);

        Assert.Equal(1, shell.Run($"cat /proc/{s_host}/environ").Code());
        Assert.Equal(0, open.Run($"cat /proc/{s_host}/environ").Code());
    }

    [Fact]
    public async Task S12_Execute_ProgramSignalsTheHost_IsRefusedByTheSystem()
    {
        Assert.SkipUnless(Libc.SystemCall(444, 0, 0, 1, 0) >= 6, "this kernel's Landlock knows no signals");
        await using var shell = new ShellHarness();
        await using var open = new ShellHarness(defences: ShellDefences.All with { Fence = false });
        foreach (var each in new[] { shell, open })
        {
            each.WriteScript("signal", $"kill -0 {s_host} && echo reached; sleep 600.125 & kill $! && echo own");
        }

        Assert.EndsWith("own\n", shell.Output("./signal"), StringComparison.Ordinal);
        Assert.DoesNotContain("reached", shell.Output("./signal"), StringComparison.Ordinal);
        Assert.Equal("reached\nown\n", open.Output("./signal"));
    }

    [Fact]
    public async Task Execute_NetworkOfItsOwn_LeadsNowhere()
    {
        await using var shell = new ShellHarness(configure: options => options.ShellIsolation = ProgramIsolation.Namespace);

        var devices = shell.Output("cat /proc/net/dev", tail: 100);

        Assert.SkipWhen(shell.Log.Of(3061).Any(line => line.Contains("no network of its own", StringComparison.Ordinal)), "this user may make no network");
        Assert.Equal(["lo"], devices.Split('\n').Where(line => line.Contains(':', StringComparison.Ordinal)).Select(line => line.Split(':')[0].Trim()));
    }

    [Fact]
    public void DirectoriesOf_Pattern_NamesWhatItMatchesAndNothingBeside()
    {
        var root = Directory.CreateTempSubdirectory("luminarys-fence-");
        try
        {
            foreach (var directory in new[] { "a/src", "b/src", "b/other", ".hidden/src" })
            {
                root.CreateSubdirectory(directory);
            }

            Directory.CreateSymbolicLink(Path.Combine(root.FullName, "link"), Path.Combine(root.FullName, "b"));
            var escaped = DirectoryPattern.Escape(root.FullName);

            string[] Names(string pattern) =>
                [.. FenceMaker.DirectoriesOf($"{escaped}{pattern}").Select(directory => Path.GetRelativePath(root.FullName, directory)).Order(StringComparer.Ordinal)];

            Assert.Equal(["a/src", "b/src"], Names("/[ab]/src"));
            Assert.Equal(["b/other", "b/src"], Names("/b/*"));
            Assert.Equal(["a/src"], Names("/a/src"));
            Assert.Equal(["."], Names("/**/src"));
            Assert.Equal([], Names("/none/*"));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task S5_Execute_NoDirectoryGranted_ReachesItsHomeOnly()
    {
        Assert.SkipUnless(ProgramFence.IsSupported, "this kernel has no Landlock");
        await using var shell = new ShellHarness(grants: _ => ([], ["**"]));
        await using var open = new ShellHarness(grants: _ => ([], ["**"]), defences: ShellDefences.All with { Fence = false });
        foreach (var each in new[] { shell, open })
        {
            await File.WriteAllTextAsync(Path.Combine(each.Outside, "secret"), "treasure", TestContext.Current.CancellationToken);
        }

        Assert.Equal(Path.Combine(shell.State, "home", "sh"), shell.Output("pwd").Trim());
        Assert.Equal("mine\n", shell.Output("sh -c 'echo mine > note; cat note'"));
        Assert.Equal(1, shell.Run($"cat {shell.Outside}/secret").Code());
        Assert.Equal(1, shell.Run("cat secret", shell.Outside).Code());
        Assert.NotEqual(0, shell.Run($"sh -c 'echo x > {shell.Outside}/planted'").Code());
        Assert.Contains("permissions.shell.allowed_dirs", Assert.Single(shell.Log.Of(3064)), StringComparison.Ordinal);
        Assert.Equal("treasure", open.Output($"cat {open.Outside}/secret"));
    }

    [Fact]
    public async Task Execute_EverythingGrantedAsAWorkDirectory_ReachesEverything()
    {
        await using var shell = new ShellHarness(grants: _ => ([], ["/"]));
        await File.WriteAllTextAsync(Path.Combine(shell.Outside, "secret"), "treasure", TestContext.Current.CancellationToken);

        Assert.Equal("treasure", shell.Output($"cat {shell.Outside}/secret"));
        Assert.Empty(shell.Log.Of(3064));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S5_Execute_LinkPlantedInThePlaceOfAGrant_WidensNothing(bool isWork)
    {
        Assert.SkipUnless(ProgramFence.IsSupported, "this kernel has no Landlock");
        (DirectoryGrant[], string[]) Grants(string root)
        {
            Directory.CreateDirectory(Path.Combine(root, "work", "sub"));
            return isWork
                ? ([], [Path.Combine(root, "work"), Path.Combine(root, "work", "sub")])
                : ([new(Path.Combine(root, "work"), AccessMode.ReadWrite), new(Path.Combine(root, "work", "sub"), AccessMode.ReadOnly)], [Path.Combine(root, "work")]);
        }

        await using var shell = new ShellHarness(grants: Grants);
        await using var naive = new ShellHarness(grants: Grants, defences: ShellDefences.All with { AnchoredFence = false });
        foreach (var each in new[] { shell, naive })
        {
            await File.WriteAllTextAsync(Path.Combine(each.Outside, "secret"), "treasure", TestContext.Current.CancellationToken);
            each.Output($"sh -c 'mv sub old; ln -s {each.Outside} sub'");
        }

        Assert.Equal(1, shell.Run("cat sub/secret").Code());
        Assert.Equal(0, shell.Run("ls old").Code());
        Assert.Equal("treasure", naive.Output("cat sub/secret"));
    }

    [Fact]
    public async Task S5_Execute_LinkPlantedWhereAPatternLooks_WidensNothing()
    {
        Assert.SkipUnless(ProgramFence.IsSupported, "this kernel has no Landlock");
        (DirectoryGrant[], string[]) Grants(string root)
        {
            Directory.CreateDirectory(Path.Combine(root, "work", "a", "src"));
            return ([new(Path.Combine(root, "work"), AccessMode.ReadWrite), new(Path.Combine(root, "work", "a", "s*"), AccessMode.ReadWrite)], [Path.Combine(root, "work")]);
        }

        await using var shell = new ShellHarness(grants: Grants);
        await using var naive = new ShellHarness(grants: Grants, defences: ShellDefences.All with { AnchoredFence = false });
        foreach (var each in new[] { shell, naive })
        {
            Directory.CreateDirectory(Path.Combine(each.Outside, "secrets"));
            await File.WriteAllTextAsync(Path.Combine(each.Outside, "secrets", "key"), "treasure", TestContext.Current.CancellationToken);
            each.Output($"sh -c 'mv a b; ln -s {each.Outside} a'");
        }

        Assert.Equal(1, shell.Run("cat a/secrets/key").Code());
        Assert.Equal("treasure", naive.Output("cat a/secrets/key"));
    }

    [Fact]
    public async Task Execute_GrantedFile_IsReachedAndItsNeighbourIsNot()
    {
        Assert.SkipUnless(ProgramFence.IsSupported, "this kernel has no Landlock");
        await using var shell = new ShellHarness(grants: root =>
        {
            File.WriteAllText(Path.Combine(root, "outside", "one"), "shown");
            File.WriteAllText(Path.Combine(root, "outside", "other"), "hidden");
            return ([new(Path.Combine(root, "outside", "one"), AccessMode.ReadOnly)], [Path.Combine(root, "work")]);
        });

        Assert.Equal("shown", shell.Output($"cat {shell.Outside}/one"));
        Assert.Equal(1, shell.Run($"cat {shell.Outside}/other").Code());
        Assert.NotEqual(0, shell.Run($"sh -c 'echo x > {shell.Outside}/one'").Code());
    }

    [Fact]
    public async Task Execute_WorkDirectoryInAReadOnlyGrant_StaysReadOnly()
    {
        Assert.SkipUnless(ProgramFence.IsSupported, "this kernel has no Landlock");
        await using var shell = new ShellHarness(grants: root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "work", "app"));
            return ([new(Path.Combine(root, "work"), AccessMode.ReadOnly)], [Path.Combine(root, "work", "app"), Path.Combine(root, "outside")]);
        });

        Assert.NotEqual(0, shell.Run("sh -c 'echo x > file'").Code());
        Assert.Equal(0, shell.Run("sh -c 'echo x > file'", shell.Outside).Code());
        Assert.Empty(shell.Log.Of(3065));
    }

    [Theory]
    [InlineData("/data:rw /data/keys:ro", "", true)]
    [InlineData("/data:ro /data/out:rw", "", false)]
    [InlineData("/data:rw /data:ro", "", false)]
    [InlineData("/data:rw /data/**/keys:ro", "", true)]
    [InlineData("/data:ro /data/**/out:rw", "", true)]
    [InlineData("/data:rw /database:ro", "", false)]
    [InlineData("/srv/keys:ro", "/srv", true)]
    [InlineData("/data:ro", "/data/app", false)]
    public async Task Load_ReadOnlyGrantInAWritableOne_IsReported(string files, string work, bool isReported)
    {
        Assert.SkipUnless(ProgramFence.IsSupported, "this kernel has no Landlock");
        await using var shell = new ShellHarness(grants: root => (
            [.. files.Split(' ').Select(entry => new DirectoryGrant($"/none{entry[..^3]}", entry.EndsWith("rw", StringComparison.Ordinal) ? AccessMode.ReadWrite : AccessMode.ReadOnly))],
            work.Length > 0 ? [$"/none{work}"] : []));

        var lines = shell.Log.Of(3065);

        Assert.Equal(isReported ? 1 : 0, lines.Count);
        Assert.All(lines, line => Assert.Contains("/none/", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Execute_SharedMemory_IsClosed()
    {
        Assert.SkipUnless(ProgramFence.IsSupported && Directory.Exists("/dev/shm"), "this kernel has no Landlock or no shared memory");
        await using var shell = new ShellHarness();

        Assert.NotEqual(0, shell.Run($"sh -c 'echo x > /dev/shm/luminarys-{Guid.NewGuid():N}'").Code());
    }
}
