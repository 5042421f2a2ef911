using System.Text;
using System.Text.Unicode;
using Luminarys.Mcp.Results;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Files;

/// <summary>Answers <c>resources/read</c>: stored files, of which a client knows the handle. They are not listed.</summary>
internal sealed class FileReader(FileStore store, TimeProvider time)
{
    // All of it is one message.
    private const long MaxBytes = 32 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <exception cref="McpProtocolException">There is none, or it is too large for a message.</exception>
    public async ValueTask<ReadResourceResult> ReadAsync(string uri, FileOwner owner, CancellationToken cancellationToken)
    {
        var handle = uri.StartsWith(ResultLinks.Scheme, StringComparison.Ordinal) ? uri[ResultLinks.Scheme.Length..] : "";
        if (store.Find(owner, handle) is not { } file)
        {
            throw Unknown();
        }

        if (file.Length > MaxBytes)
        {
            throw new McpProtocolException($"The file has {file.Length} bytes, too many for a message; get it at /files/{handle}.", McpErrorCode.InvalidParams);
        }

        return new()
        {
            Contents = [ToContents(uri, file, await ReadAllAsync(file, cancellationToken).ConfigureAwait(false))],
            TimeToLive = file.Expires - time.GetUtcNow(),
            CacheScope = CacheScope.Private,
        };
    }

    private static async ValueTask<byte[]> ReadAllAsync(StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = new byte[file.Length];
            var stream = file.Open();
            await using (stream.ConfigureAwait(false))
            {
                await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            }

            return bytes;
        }
        catch (FileNotFoundException)
        {
            throw Unknown();
        }
    }

    // Text that could drive a terminal goes as bytes: made visible, it would no longer have its digest.
    private static ResourceContents ToContents(string uri, StoredFile file, byte[] bytes)
    {
        if (!file.MediaType.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase) && Utf8.IsValid(bytes))
        {
            var text = Encoding.UTF8.GetString(bytes);
            if (ReferenceEquals(VisibleText.Of(text), text))
            {
                return new TextResourceContents { Uri = uri, MimeType = file.MediaType, Text = text };
            }
        }

        return BlobResourceContents.FromBytes(bytes, uri, file.MediaType);
    }

    private static McpProtocolException Unknown() => new(UnknownFile.Text, McpErrorCode.ResourceNotFound);
}
