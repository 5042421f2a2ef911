namespace Luminarys.Files.Native;

/// <summary>A name in a directory.</summary>
/// <param name="Name">Its bytes, with a NUL at the end.</param>
/// <param name="Kind">What it stood for when the directory was read; <see cref="FileKind.Other"/> may mean that the file system does not tell.</param>
internal readonly record struct NamedEntry(byte[] Name, FileKind Kind)
{
    /// <summary>The name as text.</summary>
    public string Text => NativePath.Decode(Name);

    /// <summary>Order of bytes.</summary>
    public static int Compare(NamedEntry one, NamedEntry other) => one.Name.AsSpan().SequenceCompareTo(other.Name);
}
