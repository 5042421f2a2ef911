using System.Collections.Immutable;
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

    /// <summary>Begins to watch folders.</summary>
    public FileWatch(ImmutableArray<string> directories)
    {
        foreach (var directory in directories)
        {
            Add(directory);
        }
    }

    /// <summary>Completes when the files have changed since the look, and have been the same for a moment.</summary>
    public async Task WaitAsync(FileStamps seen, TimeProvider time, CancellationToken cancellationToken)
    {
        var current = seen.Again();
        while (current.IsSame(seen))
        {
            await NextAsync(time, cancellationToken).ConfigureAwait(false);
            current = seen.Again();
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

    private async Task NextAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_noticed.Reader.ReadAsync(ends.Token).AsTask(), Task.Delay(s_poll, time, ends.Token)).ConfigureAwait(false);
        await ends.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Add(string directory)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(directory);
            watcher.Changed += (_, _) => Notice();
            watcher.Created += (_, _) => Notice();
            watcher.Deleted += (_, _) => Notice();
            watcher.Renamed += (_, _) => Notice();
            watcher.Error += (_, _) => Notice();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // No such folder yet, or no more notices to give: looking now and then is enough.
            watcher?.Dispose();
        }
    }

    private void Notice() => _noticed.Writer.TryWrite(true);
}
