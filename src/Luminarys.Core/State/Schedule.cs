using Luminarys.Skills;

namespace Luminarys.State;

/// <summary>A call that a skill asked the host to make later, once.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Skill">Who asked, and whose method it is.</param>
/// <param name="Method">What to call.</param>
/// <param name="Payload">Arguments: one MessagePack map.</param>
/// <param name="Due">When.</param>
public sealed record Schedule(Guid Id, SkillId Skill, string Method, ReadOnlyMemory<byte> Payload, DateTimeOffset Due);
