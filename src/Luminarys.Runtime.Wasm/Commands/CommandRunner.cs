using Luminarys.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>
/// Runs the commands of a skill's answers: those of one answer one after the other, those of different answers side by side, all on the thread pool and
/// off the caller's way.
/// </summary>
internal sealed class CommandRunner(SkillId skill, CommandExecutor executor, FanOutTable fanOut, long memory, ILogger logger) : IAsyncDisposable
{
    private const int MaxShown = 64;
    private const int MaxAnswers = 64;

    private readonly OperationGate _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private int _answers;
    private long _bytes;

    /// <summary>Counts the commands that have not ended.</summary>
    public required WorkCount Work { get; init; }

    /// <summary>Takes the commands of an answer; the memory is copied.</summary>
    public void Post(Invocation call, ReadOnlyMemory<byte> commands)
    {
        if (!_gate.TryEnter())
        {
            Refuse(call, "all", "the skill is being unloaded");
            return;
        }

        Work.Enter();

        // What waits here is the host's memory, so it is bounded like the guest's.
        var isTooMuch = Interlocked.Increment(ref _answers) > MaxAnswers | Interlocked.Add(ref _bytes, commands.Length) > memory;
        if (isTooMuch)
        {
            Refuse(call, "all", "too many commands wait");
            Leave(commands.Length);
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Runner.RunAsync(work.Call, work.Commands), (Runner: this, Call: call, Commands: commands.ToArray()), preferLocal: false);
    }

    /// <summary>Ends what runs and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _gate.CloseAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(Invocation call, byte[] commands)
    {
        try
        {
            var origin = CommandOrigin.After(call);
            fanOut.Begin(call, origin);
            foreach (var command in CommandCodec.Read(commands, fault => Refuse(call, "one", fault)))
            {
                await RunAsync(call, origin, command).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Nobody awaits this work: a defect of the reader is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.CommandFailed(logger, skill.Value, call.Id.ToString(), "all", exception);
        }
        finally
        {
            Leave(commands.Length);
        }
    }

    private async ValueTask RunAsync(Invocation call, CommandOrigin origin, GuestCommand command)
    {
        try
        {
            var refusal = _stop.IsCancellationRequested
                ? "the skill is being unloaded"
                : await executor.RunAsync(origin, command, _stop.Token).ConfigureAwait(false);
            if (refusal is not null)
            {
                Refuse(call, command.Type, refusal);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Refuse(call, command.Type, "the skill is being unloaded");
        }
#pragma warning disable CA1031 // Nobody awaits this work; whatever host or store throw is logged as what it is, and the next command has its chance.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.CommandFailed(logger, skill.Value, call.Id.ToString(), command.Type, exception);
        }
    }

    private void Leave(int bytes)
    {
        Interlocked.Decrement(ref _answers);
        Interlocked.Add(ref _bytes, -bytes);
        Work.Exit();
        _gate.Exit();
    }

    private void Refuse(Invocation call, string command, string reason) =>
        Log.CommandRefused(logger, skill.Value, call.Id.ToString(), LogText.Visible(command, MaxShown), reason);
}
