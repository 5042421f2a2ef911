using Luminarys.Invocations;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>
/// Watches what skills do while they run: for an author's tools and for tests. Optional; a runtime without one does no work for it. Called on the
/// threads of the guests, which wait: an implementation is thread-safe, quick, and does not throw.
/// </summary>
public interface ISkillObserver
{
    /// <summary>A host function has answered, or an act that a skill asked for after its call was refused.</summary>
    void HostCallEnded(HostCallReport report);

    /// <summary>A call has left the guest, well or not.</summary>
    /// <param name="skill">The skill.</param>
    /// <param name="call">The call.</param>
    /// <param name="memoryBytes">Linear memory of the instance. It never shrinks: this is the peak so far.</param>
    void CallEnded(SkillId skill, CallId call, long memoryBytes);
}
