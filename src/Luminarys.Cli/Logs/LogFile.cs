using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Luminarys.Cli.Logs;

/// <summary>
/// A file that lines are added to by a thread of its own. Whoever writes a line never waits: when too many are waiting, or the disk takes none, lines are dropped
/// and counted. A file that was moved, deleted or cut since the last line is opened anew, so that <c>logrotate</c> needs no signal.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private const int BatchBytes = 64 * 1024;
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly TextWriter _errors;
    private readonly BlockingCollection<string> _lines;
    private readonly Thread _writer;
    private readonly MemoryStream _batch = new();
    private FileStream? _file;
    private string _target = "";
    private int _inBatch;
    private bool _isFailing;
    private long _dropped;

    /// <param name="path">The file; made when it is not there.</param>
    /// <param name="errors">Told once when the file cannot be written.</param>
    /// <param name="capacity">Lines that may wait.</param>
    public LogFile(string path, TextWriter errors, int capacity = 8192)
    {
        (_path, _errors, _lines) = (path, errors, new(capacity));
        _writer = new(Run) { IsBackground = true, Name = "log file" };
        _writer.Start();
    }

    /// <summary>Why a file cannot be written; null when it can, or when there is none.</summary>
    public static string? FindProblem(string? path)
    {
        try
        {
            (path is null ? null : Open(path))?.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return exception.Message;
        }
    }

    /// <summary>Adds a line, or drops it. Thread-safe.</summary>
    public void Write(string line)
    {
        try
        {
            if (_lines.TryAdd(line))
            {
                return;
            }
        }
        catch (InvalidOperationException)
        {
            // The host is on its last steps; there is no file any more.
        }

        Interlocked.Increment(ref _dropped);
    }

    /// <summary>Writes what waits, for a moment.</summary>
    public void Dispose()
    {
        _lines.CompleteAdding();
        if (_writer.Join(s_lastWords))
        {
            _lines.Dispose();
            _batch.Dispose();
        }
    }

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(path, options);
    }

    private void Run()
    {
        foreach (var line in _lines.GetConsumingEnumerable())
        {
            Append(line);
            if (_lines.Count == 0 || _batch.Length >= BatchBytes)
            {
                Flush();
            }
        }

        _file?.Dispose();
    }

    private void Append(string line)
    {
        _batch.Write(Encoding.UTF8.GetBytes(line));
        _batch.WriteByte((byte)'\n');
        _inBatch++;
    }

    private void Flush()
    {
        try
        {
            if (_file is null || WasTaken(_file))
            {
                _file?.Dispose();
                _file = null;
                _file = Open(_path);
                _target = File.ResolveLinkTarget(_path, returnFinalTarget: true)?.FullName ?? _path;
            }

            _file.Write(_batch.GetBuffer(), 0, (int)_batch.Length);
            _isFailing = false;
            (_inBatch, _batch.Position) = (0, 0);
            _batch.SetLength(0);
            TellDropped(_file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Interlocked.Add(ref _dropped, _inBatch);
            (_inBatch, _batch.Position) = (0, 0);
            _batch.SetLength(0);
            _file?.Dispose();
            _file = null;
            if (!_isFailing)
            {
                _isFailing = true;
                _errors.WriteLine($"error: log.file: lines are dropped until it can be written: {exception.Message}");
            }
        }
    }

    private void TellDropped(FileStream file)
    {
        var dropped = Interlocked.Exchange(ref _dropped, 0);
        if (dropped > 0)
        {
            file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{dropped} lines were dropped\n")));
        }
    }

    // What stands at the path is as long as what was written, or it is another file.
    private bool WasTaken(FileStream file)
    {
        var there = new FileInfo(_target);
        return file.CanSeek && (!there.Exists || there.Length != file.Position);
    }
}
