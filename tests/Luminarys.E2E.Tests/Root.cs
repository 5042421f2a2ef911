using System.Diagnostics;

namespace Luminarys.E2E;

/// <summary>Commands that need the rights of root: ours, or those that sudo gives without asking.</summary>
internal static class Root
{
    private static readonly bool s_isRoot = Environment.UserName == "root";

    /// <summary>Program and first arguments that run a command as root.</summary>
    public static (string Program, string[] Arguments) Command(params string[] command) =>
        s_isRoot ? (command[0], command[1..]) : ("sudo", ["-n", .. command]);

    /// <summary>Runs a command; on a machine that does not let it run the test counts as skipped.</summary>
    public static async Task RequireAsync(string why, params string[] command)
    {
        var (code, output) = await RunAsync(command);
        Assert.SkipUnless(code == 0, $"not run, as this machine does not allow {why}: {output}");
    }

    /// <summary>Runs a command that may fail.</summary>
    public static async Task<(int Code, string Output)> RunAsync(params string[] command)
    {
        var (program, arguments) = Command(command);
        if (ChildProcess.Find(program) is null)
        {
            return (127, $"there is no {program}");
        }

        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
