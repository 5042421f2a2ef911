using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace RelayThroughput;

/// <summary>A file that a floor writes: hashed inline, room taken ahead, flushed at the distances of ours, renamed when it is whole.</summary>
internal sealed class FloorFile(Job job) : IDisposable
{
    private const long FlushEvery = 32L * 1024 * 1024;

    private readonly string _part = job.Path + ".part";
    private readonly SafeFileHandle _handle =
        File.OpenHandle(job.Path + ".part", FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None, job.Length);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _flushed;

    public long Length { get; private set; }

    public void Take(ReadOnlySpan<byte> part)
    {
        _hash.AppendData(part);
        RandomAccess.Write(_handle, part, Length);
        Length += part.Length;
        if (Length - _flushed >= FlushEvery)
        {
            RandomAccess.FlushToDisk(_handle);
            _flushed = Length;
        }
    }

    public void Commit(ReadOnlySpan<byte> hash)
    {
        if (!_hash.GetHashAndReset().AsSpan().SequenceEqual(hash))
        {
            throw new IOException("the hash is another");
        }

        RandomAccess.FlushToDisk(_handle);
        File.Move(_part, job.Path, overwrite: true);
    }

    public void Dispose()
    {
        _hash.Dispose();
        _handle.Dispose();
    }
}
