using System.IO.Compression;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Reads the body of an answer: decompressed, and cut at a limit that counts what comes out.</summary>
internal static class HttpBody
{
    private const int MaxRatio = 200;
    private const int RatioFloor = 256 * 1024;
    private const int Chunk = 32 * 1024;

    /// <summary>Reads at most <paramref name="limit"/> bytes.</summary>
    public static async ValueTask<(ReadOnlyMemory<byte> Body, bool IsTruncated, bool IsDecoded)> ReadAsync(
        HttpContent content, int limit, bool guardsRatio, CancellationToken cancellationToken)
    {
        var raw = new CountingStream(await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        await using (raw.ConfigureAwait(false))
        {
            var decoded = await DecodeAsync(raw, EncodingOf(content), cancellationToken).ConfigureAwait(false);
            await using (decoded.ConfigureAwait(false))
            {
                var isDecoded = decoded != raw;
                var body = new MemoryStream();
                var chunk = new byte[Chunk];
                while (await ReadChunkAsync(decoded, chunk, cancellationToken).ConfigureAwait(false) is > 0 and var read)
                {
                    var isBomb = guardsRatio && isDecoded && body.Length + read > RatioFloor && body.Length + read > raw.Count * MaxRatio;
                    if (isBomb || body.Length + read > limit)
                    {
                        body.Write(chunk, 0, isBomb ? 0 : limit - (int)body.Length);
                        return (body.GetBuffer().AsMemory(0, (int)body.Length), true, isDecoded);
                    }

                    body.Write(chunk, 0, read);
                }

                return (body.GetBuffer().AsMemory(0, (int)body.Length), false, isDecoded);
            }
        }
    }

    // One encoding that we know; anything else is for the skill, with its header.
    private static string EncodingOf(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Encoding", out var values) && values.Count == 1 ? values.First().Trim().ToUpperInvariant() : "";

    private static async ValueTask<Stream> DecodeAsync(Stream raw, string encoding, CancellationToken cancellationToken)
    {
        switch (encoding)
        {
            case "GZIP" or "X-GZIP":
                return new GZipStream(raw, CompressionMode.Decompress, leaveOpen: true);
            case "BR":
                return new BrotliStream(raw, CompressionMode.Decompress, leaveOpen: true);
            case "DEFLATE":
                // Half of the world sends it with the zlib header that the standard asks for, the other half without.
                var first = new byte[1];
                var read = await raw.ReadAsync(first, cancellationToken).ConfigureAwait(false);
                var whole = new PrefixedStream(first.AsMemory(0, read), raw);
                return read == 1 && (first[0] & 0x0f) == 8
                    ? new ZLibStream(whole, CompressionMode.Decompress, leaveOpen: true)
                    : new DeflateStream(whole, CompressionMode.Decompress, leaveOpen: true);
            default:
                return raw;
        }
    }

    // The framework says of damaged Brotli that the operation is not valid; of the other encodings that the data is not.
    private static async ValueTask<int> ReadChunkAsync(Stream decoded, byte[] chunk, CancellationToken cancellationToken)
    {
        try
        {
            return await decoded.ReadAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException exception) when (decoded is BrotliStream && exception is not ObjectDisposedException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }
}
