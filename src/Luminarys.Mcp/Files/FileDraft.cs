using System.Buffers;
using System.Security.Cryptography;

namespace Luminarys.Mcp.Files;

/// <summary>
/// A file that is being written: through a small buffer, hashed on the way, within its owner's quota. It takes bytes as they come or as a buffer of a writer.
/// What is over a limit is not kept: <see cref="Problem"/> says so. Used by one thread at a time; disposing of one that is not complete deletes it.
/// </summary>
internal sealed class FileDraft : IBufferWriter<byte>, IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly FileStore _store;
    private readonly FileStream _stream;
    private readonly long _maxBytes;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _filled;
    private bool _isKept;

    public FileDraft(FileStore store, string handle, FileOwner owner, string path, long maxBytes)
    {
        (_store, Handle, Owner, Path, _maxBytes) = (store, handle, owner, path, maxBytes);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _stream = new(path, options);
    }

    public string Handle { get; }

    public FileOwner Owner { get; }

    public string Path { get; }

    /// <summary>Bytes that its quota counts.</summary>
    public long Length { get; private set; }

    /// <summary>Why it cannot be completed; null while it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>Takes bytes; false when there is no room for them.</summary>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!TryCount(bytes.Length))
        {
            return false;
        }

        _hash.AppendData(bytes.Span);
        await _stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Takes bytes at once.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (TryCount(bytes.Length))
        {
            _hash.AppendData(bytes);
            _stream.Write(bytes);
        }
    }

    /// <inheritdoc/>
    public void Advance(int count) => _filled += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _filled < Math.Max(sizeHint, 1))
        {
            FlushBuffer();
        }

        if (_buffer.Length < sizeHint)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(sizeHint);
        }

        return _buffer.AsMemory(_filled);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Closes it and hands it to the store; null when it cannot be: <see cref="Problem"/> says why.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="mediaType">What it holds.</param>
    /// <param name="sha256">Its digest as its sender knows it; null when it was not said.</param>
    public StoredFile? Complete(string name, string mediaType, string? sha256 = null)
    {
        FlushBuffer();
        var digest = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (Problem is null && sha256 is not null && !digest.Equals(sha256, StringComparison.OrdinalIgnoreCase))
        {
            Problem = $"HASH_MISMATCH: what arrived has SHA-256 {digest}";
        }

        if (Problem is not null)
        {
            return null;
        }

        _stream.Dispose();
        _isKept = true;
        return _store.Keep(this, FileName.Of(name), mediaType, digest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, []));
        _hash.Dispose();
        _stream.Dispose();
        if (!_isKept)
        {
            _isKept = true;
            _store.Drop(Path, Owner, Length);
        }
    }

    private void FlushBuffer()
    {
        Write(_buffer.AsSpan(0, _filled));
        _filled = 0;
    }

    private bool TryCount(int bytes)
    {
        Problem ??= Length + bytes > _maxBytes ? $"PAYLOAD_TOO_LARGE: a file has at most {_maxBytes} bytes"
            : !_store.Quota.TryGrow(Owner, bytes) ? "NO_SPACE: the files of clients take too much room already"
            : null;
        Length += Problem is null ? bytes : 0;
        return Problem is null;
    }
}
