using System.Security.Cryptography;

namespace Luminarys.Chaos.Transfers;

/// <summary>
/// Looks at a name all the time, as a reader of the file would: it may find what was there before, whole, and from some moment on what is copied, whole; nothing else.
/// Whatever it finds it reads to the end.
/// </summary>
internal sealed class NameWatch : IAsyncDisposable
{
    private readonly string _path;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _violations = [];
    private readonly Task _watching;
    private readonly string?[] _allowed;
    private int _seen;

    /// <param name="path">The name.</param>
    /// <param name="before">SHA-256 of what is there; null when nothing is.</param>
    /// <param name="after">SHA-256 of what will be.</param>
    public NameWatch(string path, string? before, string after)
    {
        (_path, _allowed) = (path, [before, after]);
        _watching = WatchAsync();
    }

    /// <summary>How often it looked.</summary>
    public int Looks { get; private set; }

    /// <summary>What it should not have seen.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Looks once more, and no longer.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
    }

    public static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        (long, DateTime) last = default;
        bool isLast;
        do
        {
            isLast = _stop.IsCancellationRequested;
            Looks++;
            try
            {
                using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var now = (file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
                if (now != last || isLast)
                {
                    last = now;
                    Judge(Convert.ToHexStringLower(await SHA256.HashDataAsync(file)), file.Length);
                }
            }
            catch (FileNotFoundException)
            {
                Judge(null, 0);
            }

            // Awaited with a clock, not a token: the last look must happen.
            await Task.Delay(1);
        }
        while (!isLast);
    }

    private void Judge(string? hash, long length)
    {
        var found = Array.IndexOf(_allowed, hash, _seen);
        if (found >= 0)
        {
            _seen = found;
        }
        else if (_violations.Count < 10)
        {
            _violations.Add(hash is null ? "there was nothing" : $"{length} bytes of {hash}");
        }
    }
}
