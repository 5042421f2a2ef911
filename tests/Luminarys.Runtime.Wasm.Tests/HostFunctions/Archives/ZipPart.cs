using System.Text;
using Luminarys.Runtime.Wasm.HostFunctions.Archives;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>One entry for <see cref="ZipBytes"/>; what is not set is what an honest program would write.</summary>
internal sealed record ZipPart(string Name, byte[] Content)
{
    public ZipPart(string name, string content = "x")
        : this(name, Encoding.UTF8.GetBytes(content))
    {
    }

    public bool Deflates { get; init; }

    public int Method { get; init; } = -1;

    public byte[]? RawName { get; init; }

    public string? LocalName { get; init; }

    public uint Crc { get; init; } = Crc32.Append(0, Content);

    public uint? LocalCrc { get; init; }

    public long Length { get; init; } = Content.Length;

    public long? LocalLength { get; init; }

    public long? PackedLength { get; init; }

    public long? LocalPackedLength { get; init; }

    public int Flags { get; init; } = 0x800;

    public int? LocalFlags { get; init; }

    public int LocalMethod { get; init; } = -1;

    /// <summary>Unix mode with its type; 0 for none.</summary>
    public int Mode { get; init; }

    public byte[] Extra { get; init; } = [];

    public byte[] LocalExtra { get; init; } = [];

    /// <summary>What follows the content.</summary>
    public byte[] Descriptor { get; init; } = [];

    /// <summary>Where the directory says the local header is; null for where it is.</summary>
    public long? Offset { get; init; }

    public int Disk { get; init; }
}
