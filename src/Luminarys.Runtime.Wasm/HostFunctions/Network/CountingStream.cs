namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Passes on what it reads and counts it.</summary>
internal sealed class CountingStream(Stream inner) : ReadOnlyStream
{
    /// <summary>Bytes read.</summary>
    public long Count { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
