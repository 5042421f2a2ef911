namespace Luminarys.Mcp.Files;

/// <summary>Counts the bytes and files of each owner. Thread-safe.</summary>
internal sealed class FileQuota(FileLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FileOwner, Account> _accounts = [];
    private long _total;

    /// <summary>Opens a place for one more file; false when the owner has too many.</summary>
    public bool TryOpen(FileOwner owner)
    {
        lock (_gate)
        {
            var account = _accounts.GetValueOrDefault(owner);
            if (account.Files >= limits.MaxFilesOfOwner)
            {
                return false;
            }

            _accounts[owner] = account with { Files = account.Files + 1 };
            return true;
        }
    }

    /// <summary>Takes room for bytes; false when there is none.</summary>
    public bool TryGrow(FileOwner owner, long bytes)
    {
        lock (_gate)
        {
            var account = _accounts.GetValueOrDefault(owner);
            if (bytes > limits.MaxOfOwner - account.Bytes || bytes > limits.MaxTotal - _total)
            {
                return false;
            }

            _total += bytes;
            _accounts[owner] = account with { Bytes = account.Bytes + bytes };
            return true;
        }
    }

    /// <summary>Begins an upload; false when the owner has too many under way.</summary>
    public bool TryBeginUpload(FileOwner owner)
    {
        lock (_gate)
        {
            var account = _accounts.GetValueOrDefault(owner);
            if (account.Uploads >= limits.MaxUploadsOfOwner)
            {
                return false;
            }

            _accounts[owner] = account with { Uploads = account.Uploads + 1 };
            return true;
        }
    }

    /// <summary>An upload has ended.</summary>
    public void EndUpload(FileOwner owner) => Give(owner, 0, 0, 1);

    /// <summary>Gives a file and its bytes back.</summary>
    public void Free(FileOwner owner, long bytes) => Give(owner, 1, bytes, 0);

    /// <summary>Gives bytes back.</summary>
    public void Shrink(FileOwner owner, long bytes) => Give(owner, 0, bytes, 0);

    private void Give(FileOwner owner, int files, long bytes, int uploads)
    {
        lock (_gate)
        {
            var account = _accounts[owner];
            _total -= bytes;
            account = new(account.Files - files, account.Bytes - bytes, account.Uploads - uploads);
            if (account == default)
            {
                _accounts.Remove(owner);
            }
            else
            {
                _accounts[owner] = account;
            }
        }
    }

    private readonly record struct Account(int Files, long Bytes, int Uploads);
}
