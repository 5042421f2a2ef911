using Luminarys.Manifests;
using Luminarys.Ports;

namespace Luminarys.Contracts;

/// <summary>What <see cref="RuntimeContract"/> tests.</summary>
/// <param name="Runtime">A runtime with one skill loaded; the test disposes of it.</param>
/// <param name="Manifest">The skill's manifest. It has one instance and the methods echo, fail, trap and spin, which never ends.</param>
/// <param name="QueueLength">Calls that may wait for the instance.</param>
public sealed record RuntimeSubject(ISkillRuntime Runtime, Manifest Manifest, int QueueLength);
