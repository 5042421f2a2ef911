namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>What the functions on one path are asked. Each has some of the fields; an absent one is empty, 0 or false.</summary>
internal sealed class FileRequest
{
    /// <summary>Reads a request.</summary>
    public FileRequest(ReadOnlyMemory<byte> request)
    {
        var reader = new FieldReader(request);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "path":
                    Path = reader.Text();
                    break;
                case "content":
                    Content = reader.Bytes();
                    break;
                case "source":
                    Source = reader.Text();
                    break;
                case "dest":
                    Destination = reader.Text();
                    break;
                case "long":
                    IsLong = reader.Flag();
                    break;
                case "mode":
                    Mode = reader.Integer();
                    break;
                case "recursive":
                    IsRecursive = reader.Flag();
                    break;
                case "offset":
                    Offset = Math.Max(0, reader.Integer());
                    break;
                case "limit":
                    Limit = Math.Max(0, reader.Integer());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>File or directory.</summary>
    public string Path { get; } = "";

    /// <summary>Content to write: a part of the request.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>File to copy.</summary>
    public string Source { get; } = "";

    /// <summary>Where to copy it.</summary>
    public string Destination { get; } = "";

    /// <summary>Whether a listing tells everything.</summary>
    public bool IsLong { get; }

    /// <summary>Permission bits.</summary>
    public long Mode { get; }

    /// <summary>Whether everything below is meant too.</summary>
    public bool IsRecursive { get; }

    /// <summary>First line, from 0.</summary>
    public long Offset { get; }

    /// <summary>Number of lines; 0 for all.</summary>
    public long Limit { get; }
}
