using Luminarys.Invocations;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.Engine;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>What a host function knows of the call that it runs in. One object per instance, used by its thread only.</summary>
internal sealed class HostCall(Interruption interruption, TimeProvider time)
{
    /// <summary>Id of the skill's call; default while the instance starts.</summary>
    public CallId Id { get; set; }

    /// <summary>The call itself; null while the instance starts.</summary>
    public Invocation? Invocation { get; set; }

    /// <summary>Whether somebody watches, so that verdicts are kept for the report.</summary>
    public bool IsObserved { get; init; }

    /// <summary>What the last verdict of the current host function was about; empty without one.</summary>
    public string Resource { get; private set; } = "";

    /// <summary>The last verdict of the current host function; null without one.</summary>
    public Verdict? Verdict { get; private set; }

    /// <summary>Cancelled when the skill's call must end, for whatever reason. Made when it is first asked for.</summary>
    public CancellationToken Cancellation => interruption.Token;

    /// <summary>Time until the skill's call must have ended; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan Left => interruption.Left;

    /// <summary>The smallest of what a guest asks for, what its family allows, and what the call has left.</summary>
    /// <param name="requestedMs">Milliseconds; 0 or less for the default.</param>
    /// <param name="standard">The default.</param>
    /// <param name="longest">The family's limit.</param>
    public TimeSpan Limit(long requestedMs, TimeSpan standard, TimeSpan longest)
    {
        var requested = requestedMs <= 0 ? standard : TimeSpan.FromMilliseconds(Math.Min(requestedMs, (long)longest.TotalMilliseconds));
        return requested < Left ? requested : Left;
    }

    /// <summary>Blocks the guest's thread until work has ended. That thread belongs to the guest: nobody else waits for it.</summary>
    public T Await<T>(Func<CancellationToken, ValueTask<T>> work) => work(Cancellation).AsTask().GetAwaiter().GetResult();

    /// <summary>Keeps a verdict for the report.</summary>
    public void Note(string resource, Verdict? verdict) => (Resource, Verdict) = (resource, verdict);

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;
}
