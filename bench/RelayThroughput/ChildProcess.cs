using System.Diagnostics;
using System.Globalization;

namespace RelayThroughput;

/// <summary>A process of the run, seen from the one that runs it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>What it had used when it was ready.</summary>
    public Usage Begin { get; private init; }

    /// <summary>What it said when it was ready.</summary>
    public string Greeting { get; private init; } = "";

    public Usage Now => Usage.Of(_process.Id);

    public static async Task<ChildProcess> StartAsync(string role, string kind)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Child.Verb, role, kind])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var greeting = await ReadAsync(process);
        return new(process) { Greeting = greeting, Begin = Usage.Of(process.Id) };
    }

    public void Give(Job job) => _process.StandardInput.WriteLine(job);

    public Task<string> ReadAsync() => ReadAsync(_process);

    public async Task<double> SecondsAsync() => double.Parse(await ReadAsync(), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task<string> ReadAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(10)) ?? throw new IOException("a process of the run has ended");
}
