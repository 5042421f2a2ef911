using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>What a fault of files means for a transfer.</summary>
internal static class TransferFaults
{
    /// <summary>The fault of a transfer.</summary>
    public static TransferFault Of(FileFault fault) => fault.Error switch
    {
        FileError.Denied or FileError.InvalidPath => TransferFault.Denied,
        FileError.NotFound => TransferFault.NotFound,
        FileError.AlreadyExists => TransferFault.Exists,
        FileError.IsDirectory or FileError.NotDirectory => TransferFault.NotRegular,
        FileError.Limit => TransferFault.TooLarge,
        FileError.NoSpace => TransferFault.NoSpace,
        FileError.Busy => TransferFault.Busy,
        FileError.Cancelled => TransferFault.Cancelled,
        _ => TransferFault.StorageFailed,
    };
}
