using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MasterAndSlaves;

/// <summary>A program started by the demo; its output goes to a log file in the demo's folder.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private readonly string _name;
    private readonly string _log;
    private readonly Process _process;
    private readonly StreamWriter _writer;

    private ChildProcess(string name, string log, Process process)
    {
        (_name, _log, _process) = (name, log, process);
        _writer = new StreamWriter(log) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
    }

    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public int ExitCode => _process.ExitCode;

    public static ChildProcess Start(
        string folder, string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (variable, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        var child = new ChildProcess(name, Path.Combine(folder, $"{name}.log"), new Process { StartInfo = start });
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>The last lines of the program's output, for an error message.</summary>
    public string Tail() => $"--- {_name}{(_process.HasExited ? $" (exit code {_process.ExitCode})" : "")}\n"
        + string.Join('\n', ReadLog().TakeLast(10));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // A polite stop lets a node say goodbye; the limit is for one that does not listen.
            _ = Kill(_process.Id, SigTerm);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
        await _writer.DisposeAsync();
    }

    private List<string> ReadLog()
    {
        lock (_writer)
        {
            return [.. File.ReadLines(_log)];
        }
    }

    private void Write(string? line)
    {
        if (line is not null)
        {
            lock (_writer)
            {
                _writer.WriteLine(line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
