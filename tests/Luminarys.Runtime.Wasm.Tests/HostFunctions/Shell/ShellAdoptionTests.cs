using System.Globalization;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

/// <summary>Programs that hide, while this process adopts orphans. Alone: the children of other tests would be taken for orphans.</summary>
[Collection(nameof(ShellAdoptionTests))]
[CollectionDefinition(nameof(ShellAdoptionTests), DisableParallelization = true)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ShellAdoptionTests : IDisposable
{
    public void Dispose() => ProcessTree.AdoptOrphans(false);

    [Fact]
    public async Task S6_Execute_ChildShedsEverything_EndsToo()
    {
        await using var shell = Adopting();
        try
        {
            // Each parent is gone before a snapshot can show whose child it was.
            shell.WriteScript("hide", "(setsid env -i /usr/bin/prlimit --rttime=5 /bin/sh -c '(/usr/bin/sleep 607.25 &)' &) ; sleep 607.5");

            Assert.StartsWith("timeout", shell.Run("./hide", timeout: 500).Error, StringComparison.Ordinal);

            Assert.Equal(0, Sleepers.Count("607.25"));
        }
        finally
        {
            Sleepers.Kill("607.25");
        }
    }

    [Fact]
    public async Task S6_Execute_ChildShedsEverythingWhileADaemonRuns_EndsWithItsProgram()
    {
        await using var other = Adopting();
        await using var shell = Adopting();
        Assert.Null(other.Run("sleep 620.5", daemon: true).Error);
        try
        {
            shell.WriteScript("hide", "(setsid env -i /usr/bin/prlimit --rttime=5 /bin/sh -c '(/usr/bin/sleep 620.25 &)' &) ; sleep 0.2");

            Assert.Equal(0, shell.Run("./hide").Code());

            Assert.Equal(0, Sleepers.Count("620.25"));
            Assert.Equal(1, Sleepers.Count("620.5"));
        }
        finally
        {
            Sleepers.Kill("620.25");
        }
    }

    [Fact]
    public async Task S12_Execute_ProgramsOfTwoSkillsAtOnce_EndOnlyTheirOwn()
    {
        await using var one = Adopting();
        await using var two = Adopting();

        // What one of them leaves is ended while the other one's program is being started, again and again.
        var quick = Task.Factory.StartNew(
            () => Enumerable.Range(0, 60).Select(i => one.Run("true").Code()).ToArray(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var slow = Enumerable.Range(0, 60).Select(i => two.Run(string.Create(CultureInfo.InvariantCulture, $"env -i /usr/bin/sleep 0.0{i % 10}")).Code()).ToArray();

        Assert.All(await quick, code => Assert.Equal(0, code));
        Assert.All(slow, code => Assert.Equal(0, code));
    }

    private static ShellHarness Adopting() => new(configure: options => options.AdoptOrphans = true);
}
