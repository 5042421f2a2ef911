using System.Threading.Channels;

namespace Luminarys.Manifests.Watching;

/// <summary>
/// Waits until files have changed and rest again. The system's notices make it quick; it looks by itself now and then, because network folders give none
/// and a system has only so many to give.
/// </summary>
internal sealed class FileWatch : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(250);

    // A file that is written all the time must not hide the changes of the others.
    private const int MaxQuietWaits = 120;

    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Channel<bool> _noticed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly FileStamps _seen;

    /// <summary>Begins to watch files.</summary>
    /// <param name="seen">How they were when they were read.</param>
    public FileWatch(FileStamps seen)
    {
        _seen = seen;
        foreach (var directory in seen.Directories)
        {
            Add(directory);
        }
    }

    /// <summary>Completes when the files have changed since they were read, and have been the same for a moment.</summary>
    public async Task WaitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        // A notice counts although nothing shows: a careful copy has the length and the time of what it replaced.
        var (current, isNoticed) = (_seen.Again(), false);
        while (current.IsSame(_seen) && !isNoticed)
        {
            isNoticed = await NextAsync(time, cancellationToken).ConfigureAwait(false);
            current = _seen.Again();
        }

        for (var waits = 0; waits < MaxQuietWaits; waits++)
        {
            await Task.Delay(s_quiet, time, cancellationToken).ConfigureAwait(false);
            var next = current.Again();
            if (next.IsSame(current))
            {
                return;
            }

            current = next;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Dispose();
        }
    }

    // Answers whether the system gave notice.
    private async Task<bool> NextAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var notice = _noticed.Reader.ReadAsync(ends.Token).AsTask();
        var first = await Task.WhenAny(notice, Task.Delay(s_poll, time, ends.Token)).ConfigureAwait(false);
        await ends.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return first == notice;
    }

    private void Add(string directory)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(directory);
            watcher.Changed += OnNotice;
            watcher.Created += OnNotice;
            watcher.Deleted += OnNotice;
            watcher.Renamed += OnNotice;
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // No such folder yet, or no more notices to give: looking now and then is enough.
            watcher?.Dispose();
        }
    }

    // The folder may hold files that are written all the time.
    private void OnNotice(object sender, FileSystemEventArgs notice)
    {
        if (_seen.Has(notice.FullPath))
        {
            _noticed.Writer.TryWrite(true);
        }
    }
}
