using Luminarys.Skills;

namespace Luminarys.State;

/// <summary>Whose state it is: another package under the same id does not get it.</summary>
/// <param name="Skill">Deployed skill.</param>
/// <param name="Package">Package that it runs.</param>
public readonly record struct StateKey(SkillId Skill, PackageId Package);
