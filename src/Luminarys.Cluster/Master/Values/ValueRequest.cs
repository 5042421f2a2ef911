using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Master.Values;

/// <summary>A node's request for a value, on its way to the store.</summary>
/// <param name="Sender">Who asks.</param>
/// <param name="Id">Under which id to answer.</param>
/// <param name="Message">What is asked.</param>
internal sealed record ValueRequest(Sender Sender, CallId Id, KeyValueMessage Message)
{
    /// <summary>About the bytes that it takes while it waits.</summary>
    public int Size => Message.Value.Length + (3 * Message.Key.Key.Length) + 256;
}
