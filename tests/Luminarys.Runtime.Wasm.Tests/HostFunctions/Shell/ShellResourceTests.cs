using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

/// <summary>Counts what this process holds, so that nothing else may run meanwhile.</summary>
[Collection(nameof(ShellAdoptionTests))]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ShellResourceTests
{
    [Fact]
    public async Task S6_Execute_ManyPrograms_LeaveNoHandleThreadOrProcess()
    {
        await using var shell = new ShellHarness();
        shell.Output("true");
        var handles = CountHandles();

        for (var i = 0; i < 50; i++)
        {
            shell.Run(i % 5 == 0 ? "sleep 622.25" : "true", timeout: i % 5 == 0 ? 1 : 0);
        }

        Assert.InRange(CountHandles(), 0, handles + 2);
        Assert.Equal(0, CountThreads("luminarys-launc"));
        Assert.DoesNotContain(ProcessEntry.ReadAll(), process => process.Parent == Environment.ProcessId && process.Name is "true" or "sleep");
    }

    [Fact]
    public async Task S6_Dispose_ManyDaemons_LeaveNoHandleThreadOrProcess()
    {
        await Round();
        var handles = CountHandles();

        for (var i = 0; i < 3; i++)
        {
            await Round();
        }

        await Sleepers.UntilAsync(() => CountThreads("luminarys-daemo") == 0);
        Assert.InRange(CountHandles(), 0, handles + 2);
        Assert.Equal(0, Sleepers.Count("618.25"));

        static async Task Round()
        {
            await using var shell = new ShellHarness();
            for (var i = 0; i < DaemonTable.Most; i++)
            {
                Assert.Null(shell.Run("sleep 618.25", daemon: true).Error);
            }
        }
    }

    private static int CountHandles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    // The system keeps the first 15 characters of a thread's name.
    private static int CountThreads(string name) => Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task) == name);

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/comm").TrimEnd('\n');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
