namespace Luminarys.Ports;

/// <summary>What becomes of a file that is already there.</summary>
public enum FileCreation
{
    /// <summary>It is replaced as a whole, and its mode kept.</summary>
    Replace,

    /// <summary>It stays, and the new one is refused with <see cref="FileError.AlreadyExists"/>.</summary>
    CreateNew,

    /// <summary>The stream continues at its end; it is created when it is missing. Not staged: what is written is there at once.</summary>
    Append,
}
