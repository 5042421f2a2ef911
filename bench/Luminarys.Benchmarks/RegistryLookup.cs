using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;

namespace Luminarys.Benchmarks;

/// <summary>Finding a skill among 10,000, beside a plain dictionary with text keys.</summary>
internal static class RegistryLookup
{
    private const int Skills = 10_000;

    public static Task RunAsync()
    {
        var descriptor = new SkillDescriptor(new PackageId("a.b.c"), "", "", "", [], [], 0);
        var entries = Enumerable.Range(0, Skills).Select(i => new RegistryEntry(
            new Skill(new SkillId($"skill-{i}"), descriptor, new PackageDigest(""), "", McpMapping.Default), new NodeId("node"))).ToList();
        var snapshot = new RegistrySnapshot(new RegistryVersion(1, 1), [], entries);
        var dictionary = entries.ToDictionary(entry => entry.Skill.Id.Value, StringComparer.Ordinal);
        var id = new SkillId("skill-4711");
        object? found = null;

        Measurement.OfShort(5_000, () => found = dictionary.GetValueOrDefault("skill-4711")).Print("floor: Dictionary<string, …>, 10,000 keys");
        Measurement.OfShort(5_000, () => found = snapshot.Find(id)).Print("RegistryLookup: RegistrySnapshot.Find");
        return found is null ? throw new InvalidOperationException("The skill was not found.") : Task.CompletedTask;
    }
}
