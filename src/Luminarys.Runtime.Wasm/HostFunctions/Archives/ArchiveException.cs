using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Ends work on an archive from deep inside it. Never leaves <see cref="ArchiveFunctions"/>.</summary>
internal sealed class ArchiveException(string message, FileFault? fault = null) : Exception(message)
{
    /// <summary>The file that could not be used; null when the archive itself is at fault.</summary>
    public FileFault? Fault { get; } = fault;

    /// <summary>The archive breaks its format or holds what is never unpacked.</summary>
    public static ArchiveException Refused(string reason) => new($"invalid archive: {reason}");

    /// <summary>The archive exceeds a limit.</summary>
    public static ArchiveException TooLarge(string reason) => new($"too large: {reason}");

    /// <summary>A file outside the archive, or that it is unpacked to, could not be used.</summary>
    public static ArchiveException Of(FileFault fault) => new(fault.Error.ToString(), fault);

    /// <summary>Goes on when there is no fault.</summary>
    public static void ThrowIf(FileFault? fault)
    {
        if (fault is not null)
        {
            throw Of(fault);
        }
    }
}
