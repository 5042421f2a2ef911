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
            Assert.Equal(["/"], FenceMaker.DirectoriesOf("**"));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void Make_WorkDirectoryInAReadOnlyGrant_StaysReadOnly()
    {
        var permissions = PermissionSet.None with
        {
            Directories = [new DirectoryGrant("/data", AccessMode.ReadOnly), new DirectoryGrant("/out", AccessMode.ReadWrite)],
            Shell = new ShellPermission(["**"], ["/data/app", "/out/x", "/work"]),
        };

        var fence = FenceMaker.Make(permissions, ["/opt/bin"], new ProgramPlaces("/home", "/tmp", "/daemons"));

        Assert.Equal(["/out", "/work", "/home", "/tmp", "/dev/null"], fence.ReadWrite);
        Assert.Contains("/data", fence.Runnable);
        Assert.Contains("/opt/bin", fence.Runnable);
    }
}
