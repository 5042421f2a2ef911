namespace Luminarys.Ports;

/// <summary>A file that is being written and has its name only when it is complete. Disposing it without a commit leaves nothing.</summary>
public interface IStagedFile : IDisposable
{
    /// <summary>Where the content goes. May be closed before the commit; throws <see cref="IOException"/> when the disk does not take it.</summary>
    Stream Content { get; }

    /// <summary>Gives the file its name, after a flush unless the host trades durability for speed; null when it has it.</summary>
    FileFault? Commit();
}
