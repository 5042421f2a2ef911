using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Luminarys.Cli.Logs;
using Microsoft.Extensions.Logging;

namespace Luminarys.E2E;

public sealed class LogFileTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly string _folder = Directory.CreateTempSubdirectory("luminarys-log-").FullName;
    private readonly Errors _errors = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_folder, "host.log");

    public void Dispose()
    {
        _errors.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Lines_OfManyThreads_AreAllThereAndWhole()
    {
        using (var file = new LogFile(Target, _errors, capacity: 100_000))
        {
            Parallel.For(0, 8, thread =>
            {
                for (var line = 0; line < 1000; line++)
                {
                    file.Write($"{thread} {line} end");
                }
            });
        }

        var lines = File.ReadAllLines(Target);
        Assert.Equal(8000, lines.Distinct(StringComparer.Ordinal).Count());
        Assert.All(lines, line => Assert.Matches(@"^\d \d+ end$", line));
        for (var thread = 0; thread < 8; thread++)
        {
            var own = lines.Where(line => line[0] - '0' == thread).Select(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(0, 1000), own);
        }
    }

    [Fact]
    public void File_ThatIsNew_BelongsToItsOwner_AndAnOldOneIsAddedTo()
    {
        File.WriteAllText(Target, "before\n");
        WriteAll(Target, "after");
        Assert.Equal(["before", "after"], File.ReadAllLines(Target));
        var fresh = Path.Combine(_folder, "fresh.log");
        WriteAll(fresh, "first");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(fresh));
        }
    }

    [Theory]
    [InlineData("moved")]
    [InlineData("moved and made")]
    [InlineData("deleted")]
    [InlineData("cut")]
    public async Task File_ThatWasRotated_IsOpenedAnew(string how)
    {
        var old = Path.Combine(_folder, "host.log.1");
        using var file = new LogFile(Target, _errors);
        file.Write("one, a line that is longer than the next");
        await UntilAsync(() => File.Exists(Target) && ReadShared(Target).Contains("one", StringComparison.Ordinal));
        switch (how)
        {
            case "deleted":
                File.Delete(Target);
                break;
            case "cut":
                await File.WriteAllTextAsync(Target, "", Cancellation);
                break;
            default:
                File.Move(Target, old);
                if (how != "moved")
                {
                    await File.WriteAllTextAsync(Target, "", Cancellation);
                }

                break;
        }

        file.Write("two");
        await UntilAsync(() => File.Exists(Target) && ReadShared(Target) == "two\n");

        if (how.StartsWith("moved", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("two", ReadShared(old), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Write_WhileNobodyTakesLines_DropsAndCountsThemAndDoesNotWait()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // A pipe that nobody reads: whoever opens it to write waits.
        using (var mkfifo = Process.Start("mkfifo", Target))
        {
            await mkfifo.WaitForExitAsync(Cancellation);
        }

        using var file = new LogFile(Target, _errors, capacity: 10);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10_000; i++)
        {
            file.Write("line");
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), "it waited");
        using var reader = new StreamReader(new FileStream(Target, FileMode.Open, FileAccess.Read));
        var (written, dropped) = (0, 0);

        // What was dropped is told between those that were not: the last of them may come behind it.
        while (written + dropped < 10_000 && await reader.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_limit, Cancellation) is { } line)
        {
            var isNote = line.EndsWith(" lines were dropped", StringComparison.Ordinal);
            dropped += isNote ? int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) : 0;
            written += isNote ? 0 : 1;
        }

        Assert.Equal(10_000, written + dropped);
        Assert.True(dropped > 0, "the dropped lines were not told");
    }

    [Fact]
    public async Task File_ThatCannotBeWritten_IsToldOnceAndTakenUpAgain()
    {
        var folder = Path.Combine(_folder, "later");
        var path = Path.Combine(folder, "host.log");
        Assert.NotNull(LogFile.FindProblem(path));
        using var file = new LogFile(path, _errors);
        file.Write("lost");
        await UntilAsync(() => !_errors.Lines.IsEmpty);
        Directory.CreateDirectory(folder);

        file.Write("found");
        await UntilAsync(() => File.Exists(path) && ReadShared(path).EndsWith("dropped\n", StringComparison.Ordinal));

        Assert.Equal("found\n1 lines were dropped\n", ReadShared(path));
        Assert.StartsWith("error: log.file: ", Assert.Single(_errors.Lines), StringComparison.Ordinal);
        Assert.Null(LogFile.FindProblem(path));
        Assert.Null(LogFile.FindProblem(null));
    }

    [Fact]
    public void Logger_TextWithLineBreaks_MakesNoLineOfItsOwn()
    {
        using (var provider = new LogFileProvider(new LogFile(Target, _errors), TimeProvider.System))
        {
            var logger = provider.CreateLogger("Some.Category");
            logger.Log(LogLevel.Warning, new EventId(7), "a\n2026-01-01T00:00:00.000Z info  forged\r\u001b[31m", new InvalidOperationException("b\nc"), (text, _) => text);
        }

        var lines = File.ReadAllLines(Target);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn  Some\.Category\[7\] a\\n2026-01-01T00:00:00\.000Z info  forged\\u000d\\u001b\[31m$", lines[0]);
        Assert.All(lines[1..], line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        Assert.Contains("InvalidOperationException: b", lines[1], StringComparison.Ordinal);
    }

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_limit, "it did not come");
            await Task.Yield();
        }
    }

    private void WriteAll(string path, params string[] lines)
    {
        using var file = new LogFile(path, _errors);
        foreach (var line in lines)
        {
            file.Write(line);
        }
    }

    private sealed class Errors : TextWriter
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => Lines.Enqueue(value ?? "");
    }
}
