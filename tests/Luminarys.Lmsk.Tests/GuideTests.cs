using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Luminarys.Lmsk.Tests;

/// <summary>Does what <c>docs/guides/write-a-skill.md</c> says: every bash block, in order, in one shell, in an empty folder.</summary>
[Trait("Kind", "Integration")]
public sealed class GuideTests
{
    private const string Port = "8080";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task WriteASkill_ItsCommands_Work()
    {
        using var bench = new Workbench();

        var (code, output) = await RunAsync(bench, string.Join("\n", Blocks()).Replace($":{Port}", $":{FreePort()}", StringComparison.Ordinal));

        Assert.True(code == 0, output);
        Assert.Contains("\nHello, Ada!\nHello, Ada!\n", output, StringComparison.Ordinal);
        Assert.Contains("to allow it: permissions.fs", output, StringComparison.Ordinal);
        Assert.Contains("report.txt", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteASkill_CommandThatFails_IsNoticed()
    {
        using var bench = new Workbench();

        var (code, _) = await RunAsync(bench, "lmsk run nothing.wasm\nlmsk -version");

        Assert.NotEqual(0, code);
    }

    [Fact]
    public void WriteASkill_Page_HasCommands() => Assert.True(Blocks().Count >= 8);

    private static List<string> Blocks()
    {
        var blocks = new List<string>();
        var block = (StringBuilder?)null;
        foreach (var line in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "write-a-skill.md")))
        {
            if (block is not null && line.StartsWith("```", StringComparison.Ordinal))
            {
                blocks.Add(block.ToString());
                block = null;
            }
            else if (block is not null)
            {
                block.AppendLine(line);
            }
            else if (line == "```bash")
            {
                block = new();
            }
        }

        return blocks;
    }

    private static async Task<(int Code, string Output)> RunAsync(Workbench bench, string commands)
    {
        // Whatever the page left running ends with it.
        var script = bench.Write("guide.sh", $"set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{commands}\n");
        var start = new ProcessStartInfo("bash", [script]) { WorkingDirectory = bench.Folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, $"{await output}\n{await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
