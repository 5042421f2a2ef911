using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Runtime.Wasm.HostFunctions;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>What goes on around the calls of one skill: its callbacks, commands, schedules and subscriptions, and what its host functions hold open.</summary>
/// <param name="Functions">What its guest may import.</param>
/// <param name="Callbacks">The way back to its methods.</param>
/// <param name="Commands">What its answers ask for.</param>
/// <param name="Schedules">What it wants to do later.</param>
/// <param name="Subscriptions">What it listens to.</param>
internal sealed record SkillBackground(
    SkillFunctions Functions, SkillCallbacks Callbacks, CommandRunner Commands, SkillSchedules Schedules, SkillSubscriptions Subscriptions)
{
    /// <summary>What has begun and not ended, together with the calls.</summary>
    public required WorkCount Work { get; init; }

    /// <summary>Takes the commands of an answer.</summary>
    public void Post(Invocation call, ReadOnlyMemory<byte> commands) => Commands.Post(call, commands);

    /// <summary>
    /// Passes on to the next version what was to go on by itself, schedules and subscriptions; completes when none of this version runs any more, and
    /// begins the next one's then.
    /// </summary>
    public Task HandOverAsync(SkillBackground next)
    {
        Subscriptions.HandOver(next.Subscriptions);
        return Schedules.HandOverAsync(next.Schedules);
    }

    /// <summary>Ends all of it but the host functions, which a running call may still use; completes when nothing of it runs any more.</summary>
    public async Task StopAsync()
    {
        Subscriptions.Dispose();
        await Task.WhenAll(Commands.DisposeAsync().AsTask(), Callbacks.DisposeAsync().AsTask(), Schedules.StopAsync()).ConfigureAwait(false);
    }
}
