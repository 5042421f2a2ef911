namespace Luminarys.Mcp.Files;

/// <summary>Copies of stored files in a skill's inbox, for one call: they go with it.</summary>
internal sealed class FileCopies(FileStore store, string directory) : IDisposable
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead;
    private const int BufferSize = 256 * 1024;

    private readonly List<(FileOwner Owner, long Length)> _counted = [];
    private bool _isDisposed;

    /// <summary>Copies a file; null when there is no room.</summary>
    /// <exception cref="IOException">It cannot be copied.</exception>
    public async ValueTask<string?> AddAsync(StoredFile file, CancellationToken cancellationToken)
    {
        if (!store.Quota.TryGrow(file.Owner, file.Length))
        {
            return null;
        }

        _counted.Add((file.Owner, file.Length));
        var name = _counted.Count == 1 ? file.Name : $"{_counted.Count}-{file.Name}";
        var path = Path.Combine(directory, name);
        var source = file.Open();
        await using (source.ConfigureAwait(false))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = ReadOnly;
            }

            var target = new FileStream(path, options);
            await using (target.ConfigureAwait(false))
            {
                await source.CopyToAsync(target, BufferSize, cancellationToken).ConfigureAwait(false);
            }
        }

        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        store.DropDirectory(directory);
        foreach (var (owner, length) in _counted)
        {
            store.Quota.Shrink(owner, length);
        }
    }
}
