using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Invocations;

/// <summary>One call of one method.</summary>
/// <param name="Id">Name of the call, made by whoever asks for it.</param>
/// <param name="Skill">Skill to call.</param>
/// <param name="Method">Method to call.</param>
/// <param name="Payload">
/// Arguments: one MessagePack map. Owned by the creator and unchanged until the call has ended; nobody between edge and guest decodes it.
/// </param>
/// <param name="Caller">On whose behalf it runs.</param>
/// <param name="Deadline">When it must have ended.</param>
public sealed record Invocation(
    CallId Id,
    SkillId Skill,
    string Method,
    ReadOnlyMemory<byte> Payload,
    Caller Caller,
    Deadline Deadline)
{
    /// <summary>
    /// The call at the beginning of the chain; this call itself when nothing led here. Made by the host: limits of a chain count by it, so that no
    /// client shares, renews or uses up what belongs to another's call.
    /// </summary>
    public CallId Root
    {
        get => field == default ? Id : field;
        init;
    }

    /// <summary>Shared by a chain of calls, and possibly named by the client; empty when nobody traces.</summary>
    public string TraceId { get; init; } = "";

    /// <summary>The client's session; empty when there is none.</summary>
    public string SessionId { get; init; } = "";

    /// <summary>How many skill-to-skill calls led here.</summary>
    public int Depth { get; init; }

    /// <summary>The only node that may run it; null for the one that the registry says.</summary>
    public NodeId? Node { get; init; }

    /// <summary>
    /// Told how far the call has come, by whoever runs it, here or on another node; null when nobody asks. Reports never wait, and of many in a short time
    /// only the last may arrive.
    /// </summary>
    public IProgress<CallProgress>? Progress { get; init; }

    /// <summary>
    /// Whether what awaits the result may run on the thread that made it, before that thread takes another call. Only for whoever neither waits there nor runs
    /// code of others: a skill's thread must not wait for what needs the skill.
    /// </summary>
    public bool ContinuesInPlace { get; init; }
}
