using System.Collections.Immutable;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>What a module says of itself, or why it says nothing.</summary>
/// <param name="Descriptor">Its descriptor; null when there is an error.</param>
/// <param name="Error">What is wrong with the module and what to do; null when nothing is.</param>
/// <param name="Warnings">What is doubtful.</param>
public sealed record SkillInspection(SkillDescriptor? Descriptor, string? Error, ImmutableArray<string> Warnings);
