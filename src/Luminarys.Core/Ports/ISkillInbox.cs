using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>Where skills of this node find files that come with a call: each skill reads its own, and no other's. Thread-safe.</summary>
public interface ISkillInbox
{
    /// <summary>Makes a new private directory in the inbox of a skill. The caller puts files into it, and deletes it after the call.</summary>
    /// <returns>Its absolute path; null when the skill is not loaded here, or cannot read an inbox.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    string? Open(SkillId skill);
}
