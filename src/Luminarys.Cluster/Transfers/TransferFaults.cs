using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>What faults of other parts mean for a transfer.</summary>
internal static class TransferFaults
{
    /// <summary>Of a file that was to be opened, read or written.</summary>
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

    /// <summary>Of a file that was to get its name: what was granted when it was opened is so no more.</summary>
    public static TransferFault OfCommit(FileFault fault) => fault.Error is FileError.NotFound or FileError.Denied ? TransferFault.DestinationGone : Of(fault);

    /// <summary>Of a channel.</summary>
    public static TransferFault Of(RelayFault fault) => fault switch
    {
        RelayFault.Busy => TransferFault.Busy,
        RelayFault.NoPeer => TransferFault.PeerLost,
        _ => TransferFault.NoCarrier,
    };

    /// <summary>Of a request to the master or to a node.</summary>
    public static TransferFault Of(InvocationError error) => error switch
    {
        InvocationError.Busy => TransferFault.Busy,
        InvocationError.Draining => TransferFault.Draining,
        InvocationError.Denied => TransferFault.Denied,
        _ => TransferFault.PeerLost,
    };

    /// <summary>In words, where nobody has said more.</summary>
    public static string Describe(TransferFault fault) => fault switch
    {
        TransferFault.SourceChanged => "the file changed while it was copied",
        TransferFault.Corrupt => "what arrived is not what was sent",
        TransferFault.DestinationGone => "the directory of the destination has gone",
        TransferFault.NoSpace => "the receiver's disk has no room",
        TransferFault.Exists => "there is a file of this name",
        TransferFault.PeerLost => "the other node fell silent",
        TransferFault.OutcomeUnknown => "everything was sent, and the receiver never said whether it has it",
        TransferFault.StorageFailed => "a disk failed",
        _ => $"the transfer failed: {fault}",
    };

    /// <summary>For skills, whose answers know no faults of transfers.</summary>
    public static InvocationError ToError(TransferFault fault) => fault switch
    {
        TransferFault.Cancelled => InvocationError.Cancelled,
        TransferFault.Denied => InvocationError.Denied,
        TransferFault.NotFound or TransferFault.NotRegular or TransferFault.Exists => InvocationError.BadArgument,
        TransferFault.TooLarge or TransferFault.NoSpace => InvocationError.PayloadTooLarge,
        TransferFault.Busy => InvocationError.Busy,
        TransferFault.Draining => InvocationError.Draining,
        TransferFault.OutcomeUnknown => InvocationError.OutcomeUnknown,
        TransferFault.NoSuchNode or TransferFault.NoCarrier => InvocationError.NotServing,
        TransferFault.PeerLost => InvocationError.NodeLost,
        _ => InvocationError.Internal,
    };
}
