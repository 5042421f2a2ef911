using System.Diagnostics;
using System.Globalization;

namespace Luminarys.Benchmarks.Remote;

/// <summary>The other side of a benchmark, in a process of its own, so that what it allocates and computes is its own.</summary>
internal sealed class Partner : IAsyncDisposable
{
    private readonly Process _process;

    private Partner(Process process) => _process = process;

    /// <summary>Starts this program again in a role of <see cref="PartnerProgram"/>; completes when it is ready.</summary>
    public static async Task<Partner> StartAsync(string role, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [PartnerProgram.Verb, role, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var partner = new Partner(Process.Start(start)!);
        var line = await partner._process.StandardOutput.ReadLineAsync();
        return line == PartnerProgram.Ready ? partner : throw new InvalidOperationException($"The partner '{role}' did not start: {line}");
    }

    /// <summary>Managed bytes that the partner has allocated since it started.</summary>
    public async Task<long> AllocatedBytesAsync() => long.Parse(await AskAsync("bytes"), CultureInfo.InvariantCulture);

    /// <summary>Methods that the partner's compiler has compiled, recompiled ones included.</summary>
    public async Task<long> CompiledMethodsAsync() => long.Parse(await AskAsync("methods"), CultureInfo.InvariantCulture);

    /// <summary>Time of all cores that the partner has used since it started.</summary>
    public TimeSpan Processor()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Sends a line and answers the line that comes back.</summary>
    public async Task<string> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The partner ended.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
