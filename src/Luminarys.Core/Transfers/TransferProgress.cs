using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Transfers;

/// <summary>How far a transfer is.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Source">The file that is copied.</param>
/// <param name="Destination">Where to.</param>
/// <param name="State">Where it stands.</param>
public sealed record TransferProgress(UInt128 Id, NodePath Source, NodePath Destination, TransferState State)
{
    /// <summary>The node whose skill wants it, or the operator who does.</summary>
    public NodeId Requester { get; init; }

    /// <summary>The skill that wants it; empty for an operator.</summary>
    public string Skill { get; init; } = "";

    /// <summary>The call at the beginning of the chain that asked for it; none for an operator.</summary>
    public CallId Root { get; init; }

    /// <summary>Size of the file in bytes; 0 while it is not known.</summary>
    public long Length { get; init; }

    /// <summary>Bytes that were sent, or were there already.</summary>
    public long Sent { get; init; }

    /// <summary>Bytes that are on the receiver's disk.</summary>
    public long Stored { get; init; }

    /// <summary>Bytes each second, lately; 0 while it is not known.</summary>
    public long Rate { get; init; }

    /// <summary>Attempt, from 1; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>How it ended, or what its last attempt ended with.</summary>
    public TransferFault Fault { get; init; }

    /// <summary>More about the fault.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of the whole file, when the receiver has it.</summary>
    public ContentHash? Hash { get; init; }

    /// <summary>Whether the receiver has the file, verified and stored.</summary>
    public bool IsDone => State == TransferState.Ended && Fault == TransferFault.None;

    /// <summary>Time that is left at this rate; null while nobody knows.</summary>
    public TimeSpan? Remaining => State == TransferState.Running && Rate > 0 ? TimeSpan.FromSeconds((double)(Length - Sent) / Rate) : null;
}
