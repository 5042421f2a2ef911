using System.Diagnostics;
using System.Globalization;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

/// <summary>Finds the <c>sleep</c> programs of a test by their odd durations.</summary>
internal static class Sleepers
{
    public static int Count(string seconds) => ProcessEntry.ReadAll().Count(process => !process.IsZombie && Is(process, seconds));

    public static void Kill(string seconds)
    {
        foreach (var process in ProcessEntry.ReadAll().Where(process => Is(process, seconds)))
        {
            process.Signal(9);
        }
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), "it did not happen");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public static int Code(this (string? Error, IDictionary<object, object?> Fields) answer)
    {
        Assert.Null(answer.Error);
        return Convert.ToInt32(answer.Fields["exit_code"], CultureInfo.InvariantCulture);
    }

    private static bool Is(in ProcessEntry process, string seconds) =>
        process.Read("cmdline") is var line && (line == $"sleep\0{seconds}\0" || line == $"/usr/bin/sleep\0{seconds}\0");
}
