namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Gives back bytes that were read ahead, then the rest. Does not own the rest.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _prefix = prefix;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_prefix.IsEmpty)
        {
            return rest.ReadAsync(buffer, cancellationToken);
        }

        var read = Math.Min(buffer.Length, _prefix.Length);
        _prefix[..read].CopyTo(buffer);
        _prefix = _prefix[read..];
        return new(read);
    }
}
