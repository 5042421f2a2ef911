namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Formats of archives.</summary>
internal enum ArchiveFormat
{
    /// <summary>Tar in gzip.</summary>
    TarGz,

    /// <summary>Zip.</summary>
    Zip,
}
