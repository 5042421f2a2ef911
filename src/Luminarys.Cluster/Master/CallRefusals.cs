using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>Answers to calls that are not sent to their node.</summary>
internal static class CallRefusals
{
    public static InvocationResult GivenUp { get; } = InvocationResult.Failure(InvocationError.Cancelled, "the caller gave up before the call was sent");

    public static InvocationResult TooLate { get; } = InvocationResult.Failure(InvocationError.Deadline, "the deadline had passed before the call was sent");

    public static InvocationResult Stopping { get; } = InvocationResult.Failure(InvocationError.Draining, "the master is stopping; the call was not sent");

    public static InvocationResult Twice { get; } = InvocationResult.Failure(InvocationError.Conflict, "a call with this id runs already");

    public static InvocationResult NotAnswering(NodeId node) =>
        InvocationResult.Failure(InvocationError.NotServing, $"node '{node}' does not answer; the call was not sent");

    public static InvocationResult TooLarge(int length) => InvocationResult.Failure(
        InvocationError.PayloadTooLarge, $"the arguments have {length} bytes; another node takes up to {ProtocolLimits.MaxPayload}. Use a file transfer.");
}
