namespace Luminarys.Testing.Tests;

/// <summary>Tests of whole clusters run alone: virtual time goes on when the threads of the process have rested.</summary>
[CollectionDefinition(nameof(WholeClusters), DisableParallelization = true)]
public sealed class WholeClusters;
