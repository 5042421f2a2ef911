using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Commands;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>A version of a skill that takes calls.</summary>
internal sealed class LoadedSkill(Skill skill, SkillModule module, InstancePool pool, CallAdmission admission, SkillBackground background, SkillState state)
{
    private volatile LoadedSkill? _successor;
    private Task _predecessor = Task.CompletedTask;
    private Task _ready = Task.CompletedTask;

    /// <summary>What it is.</summary>
    public Skill Skill { get; } = skill;

    /// <summary>Its instances.</summary>
    public InstancePool Pool { get; } = pool;

    /// <summary>What it keeps between calls.</summary>
    public SkillState State { get; } = state;

    /// <summary>
    /// Whether it holds connections, which belong to one instance: then no two versions work at once, and calls wait until the one before has ended.
    /// </summary>
    public bool IsExclusive { get; init; }

    /// <summary>Whether it has a method of that name.</summary>
    public bool HasMethod(string method) => admission.HasMethod(method);

    /// <summary>Runs a call, or answers why it does not begin.</summary>
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        // What a skill does to itself follows from what it began: it ends where that began.
        var isOwn = invocation.Caller.Kind == CallerKind.Self;
        if (!isOwn && _successor is { } next)
        {
            return next.InvokeAsync(invocation, cancellationToken);
        }

        if (admission.Refuse(invocation) is { } refusal)
        {
            return new(refusal);
        }

        var deadline = admission.DeadlineOf(invocation);
        if (!_ready.IsCompleted)
        {
            return InvokeLaterAsync(invocation, deadline, cancellationToken);
        }

        return TryEnter(isOwn) ? Pool.InvokeAsync(invocation, deadline, cancellationToken) : _successor!.InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>What it has scheduled may run.</summary>
    public void Activate() => background.Schedules.Activate();

    /// <summary>
    /// Gives everything that comes from now on to the successor; calls that have begun end here. The task completes when everything of this version has
    /// ended and is freed.
    /// </summary>
    /// <param name="successor">The version that takes over; it takes no calls yet.</param>
    /// <param name="hurry">Cancelled when what runs must end.</param>
    public Task RetireAsync(LoadedSkill successor, CancellationToken hurry)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        successor._predecessor = ended.Task;
        successor._ready = IsExclusive || successor.IsExclusive ? ended.Task : Task.CompletedTask;
        _successor = successor;
        return EndAsync(successor, Pool.Work.CloseAsync(), ended, hurry);
    }

    /// <summary>Lets its calls finish and frees everything.</summary>
    public async Task StopAsync()
    {
        // Both at once: callbacks that wait must not begin, and one that runs needs its instance until it has ended.
        await Task.WhenAll(background.StopAsync(), Pool.StopAsync(), _predecessor).ConfigureAwait(false);
        await background.Functions.DisposeAsync().ConfigureAwait(false);
        module.Dispose();
    }

    private async Task EndAsync(LoadedSkill successor, Task idle, TaskCompletionSource ended, CancellationToken hurry)
    {
        try
        {
            await background.HandOverAsync(successor.Background).ConfigureAwait(false);
            await idle.WaitAsync(hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StopAsync().ConfigureAwait(false);
        }
        finally
        {
            ended.SetResult();
        }
    }

    private async ValueTask<InvocationResult> InvokeLaterAsync(Invocation invocation, long deadline, CancellationToken cancellationToken)
    {
        // One whose caller or time is gone ends in the pool, before it begins.
        await Pool.WaitAsync(_ready, deadline, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return TryEnter(isOwn: invocation.Caller.Kind == CallerKind.Self)
            ? await Pool.InvokeAsync(invocation, deadline, cancellationToken).ConfigureAwait(false)
            : await _successor!.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
    }

    private SkillBackground Background => background;

    private bool TryEnter(bool isOwn)
    {
        if (!isOwn)
        {
            return Pool.Work.TryEnter();
        }

        Pool.Work.Enter();
        return true;
    }
}
