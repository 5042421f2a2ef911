namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>What the three functions are asked. Each has some of the fields; an absent one is empty.</summary>
internal sealed class ArchiveRequest
{
    /// <summary>Reads a request.</summary>
    public ArchiveRequest(ReadOnlyMemory<byte> request)
    {
        var reader = new FieldReader(request);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "source":
                    Source = reader.Text();
                    break;
                case "output":
                    Output = reader.Text();
                    break;
                case "archive":
                    Archive = reader.Text();
                    break;
                case "dest":
                    Destination = reader.Text();
                    break;
                case "format":
                    Format = reader.Text();
                    break;
                case "exclude":
                    Exclude = reader.Text();
                    break;
                case "strip":
                    Strip = (int)Math.Clamp(reader.Integer(), 0, int.MaxValue);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>Directory or file to pack.</summary>
    public string Source { get; } = "";

    /// <summary>Archive to make.</summary>
    public string Output { get; } = "";

    /// <summary>Archive to read.</summary>
    public string Archive { get; } = "";

    /// <summary>Directory to unpack to.</summary>
    public string Destination { get; } = "";

    /// <summary>Format; empty to find it out.</summary>
    public string Format { get; } = "";

    /// <summary>Patterns of what is left out.</summary>
    public string Exclude { get; } = "";

    /// <summary>Leading parts of names to drop.</summary>
    public int Strip { get; }
}
