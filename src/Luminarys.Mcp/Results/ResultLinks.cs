using System.Globalization;
using System.Text.Json.Nodes;
using Luminarys.Mcp.Files;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Results;

/// <summary>Stores results that are too large to be answered, and describes where they are.</summary>
internal sealed class ResultLinks(FileStore store)
{
    /// <summary>What stands before a handle in a resource's address.</summary>
    public const string Scheme = "luminarys://files/";

    private const int PreviewBytes = 1024;

    /// <summary>Stores a result for its owner; answers why it cannot be, or null.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public string? TryStore(ReadOnlyMemory<byte> payload, FileOwner owner, string name, out StoredFile? file)
    {
        file = null;
        using var draft = store.TryBegin(owner, out var problem);
        if (draft is null)
        {
            return problem;
        }

        problem = ValueRenderer.TryWrite(payload, draft, out var mediaType);
        if (problem is not null)
        {
            return problem;
        }

        file = draft.Complete(name + ExtensionOf(mediaType), mediaType);
        return draft.Problem;
    }

    /// <summary>The beginning of it for the model, and the link.</summary>
    /// <exception cref="IOException">It has just gone.</exception>
    public static IEnumerable<ContentBlock> Describe(StoredFile file)
    {
        var expires = file.Expires.ToString("O", CultureInfo.InvariantCulture);
        var about = string.Create(
            CultureInfo.InvariantCulture, $"The result has {file.Length} bytes ({file.MediaType}), too many to be shown here. It is kept until {expires}.");
        return
        [
            new TextContentBlock { Text = about + PreviewOf(file) },
            new ResourceLinkBlock
            {
                Uri = Scheme + file.Handle,
                Name = file.Name,
                MimeType = file.MediaType,
                Size = file.Length,
                Description = about,
                Meta = new JsonObject
                {
                    ["luminarys/handle"] = file.Handle,
                    ["luminarys/path"] = "/files/" + file.Handle,
                    ["luminarys/sha256"] = file.Sha256,
                    ["luminarys/expires"] = expires,
                },
            },
        ];
    }

    private static string PreviewOf(StoredFile file)
    {
        Span<byte> beginning = stackalloc byte[PreviewBytes];
        int length;
        using (var stream = file.Open())
        {
            length = stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        }

        // A character cut in two is no reason to call it bytes.
        var text = new char[PreviewBytes];
        var status = System.Text.Unicode.Utf8.ToUtf16(beginning[..length], text, out _, out var written, replaceInvalidSequences: false);
        return status == System.Buffers.OperationStatus.InvalidData ? "" : $" It begins:\n\n{VisibleText.Of(new string(text, 0, written))}";
    }

    private static string ExtensionOf(string mediaType) => mediaType[..mediaType.IndexOf('/', StringComparison.Ordinal)] switch
    {
        "text" => ".txt",
        _ => mediaType == "application/json" ? ".json" : ".bin",
    };
}
