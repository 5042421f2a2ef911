namespace Luminarys.Cluster.Tests.Support;

/// <summary>Tests of whole nodes run alone: beside property tests, which take every core, a node may be too slow for the clock of the test.</summary>
[CollectionDefinition(nameof(WholeNodes), DisableParallelization = true)]
public sealed class WholeNodes;
