using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>What the directory makes of a request.</summary>
/// <param name="Answer">The answer; null when it depends on a probe.</param>
internal readonly record struct DirectoryReply(AnswerMessage? Answer)
{
    /// <summary>The process to probe before the request can be answered.</summary>
    public InstanceId? Probe { get; init; }

    /// <summary>Whether the node is to be asked for its full list.</summary>
    public bool AsksSync { get; init; }

    /// <summary>A refusal.</summary>
    public static DirectoryReply Refuse(InvocationError code, string text) => new(new AnswerMessage { Code = code, Text = text });
}
