using System.Collections.Immutable;
using Luminarys.Manifests.Configuration;

namespace Luminarys.Manifests;

/// <summary>Outcome of reading a host configuration.</summary>
/// <param name="Configuration">The configuration; null when a problem is an error.</param>
/// <param name="Problems">All findings, in file order.</param>
public sealed record HostConfigurationResult(HostConfiguration? Configuration, ImmutableArray<ConfigurationProblem> Problems);
