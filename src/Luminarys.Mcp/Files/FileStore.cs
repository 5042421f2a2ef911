using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Files;

/// <summary>
/// Files that clients bring for their calls, and results too large to be answered: under a handle that cannot be guessed, for its owner alone, for an hour.
/// Thread-safe.
/// </summary>
internal sealed class FileStore : IDisposable
{
    private const int HandleBytes = 16;
    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, StoredFile> _files = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly string? _parent;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private FilePlace? _place;
    private ITimer? _sweep;
    private bool _isDisposed;

    public FileStore(IOptions<McpEdgeOptions> options, FileLimits limits, FileDefences defences, TimeProvider time, ILogger<FileStore> logger)
    {
        (_parent, Limits, Defences, _time, _logger) = (options.Value.FileDirectory, limits, defences, time, logger);
        Quota = new(limits);
    }

    public FileLimits Limits { get; }

    public FileDefences Defences { get; }

    public FileQuota Quota { get; }

    /// <summary>Begins a file; null with the reason when its owner has too many.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">The host may not write there.</exception>
    public FileDraft? TryBegin(FileOwner owner, out string? problem)
    {
        problem = Quota.TryOpen(owner) ? null : $"NO_SPACE: a client has at most {Limits.MaxFilesOfOwner} files here; delete some";
        if (problem is not null)
        {
            return null;
        }

        try
        {
            var handle = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(HandleBytes));
            return new(this, handle, owner, Path.Combine(Place(), handle), Limits.MaxFile);
        }
        catch
        {
            Quota.Free(owner, 0);
            throw;
        }
    }

    /// <summary>The file of a handle; null when there is none, it has expired, or it is somebody else's.</summary>
    public StoredFile? Find(FileOwner owner, string handle) =>
        _files.TryGetValue(handle, out var file) && file.Expires > _time.GetUtcNow() && (owner.Reaches(file.Owner) || !Defences.Owner) ? file : null;

    /// <summary>Deletes a file; false when there is none of that handle for the owner.</summary>
    public bool Delete(FileOwner owner, string handle)
    {
        if (Find(owner, handle) is not { } file || !_files.TryRemove(KeyValuePair.Create(handle, file)))
        {
            return false;
        }

        Drop(file.Path, file.Owner, file.Length);
        return true;
    }

    /// <summary>Takes a complete file in.</summary>
    public StoredFile Keep(FileDraft draft, string name, string mediaType, string sha256)
    {
        var file = new StoredFile(draft.Handle, draft.Owner, draft.Path)
        {
            Name = name,
            MediaType = mediaType,
            Length = draft.Length,
            Sha256 = sha256,
            Expires = _time.GetUtcNow() + Limits.Life,
        };
        _files[file.Handle] = file;
        return file;
    }

    /// <summary>Deletes what is on the disk, and gives its room back.</summary>
    public void Drop(string path, FileOwner owner, long length)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.FileNotDeleted(exception, path);
        }

        Quota.Free(owner, length);
    }

    /// <summary>Deletes a directory of copies.</summary>
    public void DropDirectory(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.FileNotDeleted(exception, directory);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _sweep?.Dispose();
            _place?.Dispose();
            _place = null;
        }
    }

    private string Place()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _place ??= FilePlace.Make(_parent);
            _sweep ??= _time.CreateTimer(_ => Sweep(), null, s_sweepEvery, s_sweepEvery);
            return _place.Directory;
        }
    }

    private void Sweep()
    {
        var now = _time.GetUtcNow();
        foreach (var (handle, file) in _files)
        {
            if (file.Expires <= now && _files.TryRemove(KeyValuePair.Create(handle, file)))
            {
                Drop(file.Path, file.Owner, file.Length);
            }
        }
    }
}
