using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>
/// Executes skills on this node. Thread-safe; disposal ends running calls and waits for them. Loading, replacing and unloading one skill happen one after
/// the other: a load waits until an unload of the same id has ended.
/// </summary>
public interface ISkillRuntime : IAsyncDisposable
{
    /// <summary>
    /// Loads a skill; it takes calls from then on, but does nothing on its own before <see cref="Activate"/>. What is wrong with a package is in the
    /// result; nothing a package contains makes this throw.
    /// </summary>
    /// <param name="manifest">What to load, and what it may do.</param>
    /// <param name="host">What the node does for the skill beyond its sandbox. Not owned.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    ValueTask<SkillLoadResult> LoadAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken);

    /// <summary>
    /// Puts another version in the place of a loaded skill without failing a call: the new one is loaded beside the old one, and in one step takes every
    /// call that comes from then on, while calls that began before end on the old one. What the old one had scheduled and subscribed goes on with the
    /// new one, after the old one's has ended. When the result is a failure, the old one goes on as if nothing had happened.
    /// </summary>
    /// <param name="manifest">What to load, and what it may do; its id names the skill to replace.</param>
    /// <param name="host">What the node does for the skill beyond its sandbox. Not owned.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    ValueTask<SkillLoadResult> ReplaceAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken);

    /// <summary>
    /// The node offers the skill: what it has scheduled may run from now on, what is overdue at once. Stays true when the skill is replaced. Does
    /// nothing when it is not loaded.
    /// </summary>
    void Activate(SkillId skill);

    /// <summary>
    /// Runs one call to its end, its deadline or its cancellation, whichever comes first. The payload of the invocation is read until the
    /// task completes; the payload of the result is the caller's.
    /// </summary>
    ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken);

    /// <summary>
    /// Whether <see cref="InvokeAsync"/> only hands the call to a thread of the runtime's own, so that it may be called where nothing must wait. Does not change.
    /// </summary>
    bool ReturnsAtOnce => false;

    /// <summary>Lets running calls of the skill finish and frees it; answers false when it was not loaded.</summary>
    ValueTask<bool> UnloadAsync(SkillId skill, CancellationToken cancellationToken);
}
