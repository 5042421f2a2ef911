using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>Executes skills on this node. Thread-safe; disposal ends running calls and waits for them.</summary>
public interface ISkillRuntime : IAsyncDisposable
{
    /// <summary>Loads a skill. What is wrong with a package is in the result; nothing a package contains makes this throw.</summary>
    /// <param name="manifest">What to load, and what it may do.</param>
    /// <param name="host">What the node does for the skill beyond its sandbox. Not owned.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    ValueTask<SkillLoadResult> LoadAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken);

    /// <summary>
    /// Runs one call to its end, its deadline or its cancellation, whichever comes first. The payload of the invocation is read until the
    /// task completes; the payload of the result is the caller's.
    /// </summary>
    ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken);

    /// <summary>Lets running calls of the skill finish and frees it; answers false when it was not loaded.</summary>
    ValueTask<bool> UnloadAsync(SkillId skill, CancellationToken cancellationToken);
}
