using Luminarys.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.State;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>Does what one command of one skill asks for.</summary>
internal sealed class CommandExecutor(
    SkillServices services, SkillCallbacks callbacks, SkillSchedules schedules, SkillSubscriptions subscriptions, FanOutTable fanOut)
{
    private const int MaxShown = 64;
    private const int MaxName = 1024;
    private const int MaxValue = 256 * 1024;
    private const int BatchConcurrency = 16;

    private readonly SkillCalls _calls = new(services, new InvokeRules(services.Manifest.InvokePolicy));

    /// <summary>Runs a command to its end; answers why it did nothing, or null. Who asked for a callback is told there as well.</summary>
    /// <exception cref="IOException">What is stored cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The skill is being unloaded.</exception>
    public async ValueTask<string?> RunAsync(CommandOrigin origin, GuestCommand command, CancellationToken cancellationToken)
    {
        switch (command.Type)
        {
            case "call_module":
                return await CallAsync(origin, ModuleCallCommand.Read(command.Fields), cancellationToken).ConfigureAwait(false);
            case "batch_invoke":
                return await CallManyAsync(origin, BatchCommand.Read(command.Fields), cancellationToken).ConfigureAwait(false);
            case "schedule" or "emit_event" or "subscribe" or "store_kv" or "load_kv":
                var named = NamedCommand.Read(command.Fields);
                return Refuse(origin, named) ?? await RunAsync(origin, command.Type, named, cancellationToken).ConfigureAwait(false);
            default:
                return "unsupported command";
        }
    }

    private async ValueTask<string?> RunAsync(CommandOrigin origin, string type, NamedCommand command, CancellationToken cancellationToken)
    {
        switch (type)
        {
            case "schedule":
                return await ScheduleAsync(command, cancellationToken).ConfigureAwait(false);
            case "emit_event":
                var skillEvent = new SkillEvent(command.Name, command.Value.ToArray(), services.Manifest.Id)
                {
                    Root = origin.Chain,
                    TraceId = origin.TraceId,
                    Depth = origin.Depth,
                };
                await services.Host.EmitAsync(skillEvent, cancellationToken).ConfigureAwait(false);
                return null;
            case "subscribe":
                return callbacks.HasMethod(command.Callback) ? subscriptions.Add(command.Name, command.Callback) : NoMethod(command.Callback);
            case "store_kv":
                return (await services.Host.StoreValueAsync(KeyOf(command.Name), command.Value, cancellationToken).ConfigureAwait(false))?.Message;
            default:
                return await LoadAsync(origin, command, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<string?> CallAsync(CommandOrigin origin, ModuleCallCommand command, CancellationToken cancellationToken)
    {
        // Refused without a callback: callbacks of refusals would lead on for ever.
        if (!fanOut.TryTake(origin, 1))
        {
            return TooMany().Error;
        }

        var outcome = await _calls.InvokeAsync(origin, command.Call, cancellationToken).ConfigureAwait(false);
        if (command.Callback.Length > 0)
        {
            callbacks.Post(origin, command.Callback, CallbackPayloads.OfCall(command.Call, command.Context, outcome));
        }

        return outcome.Error.Length > 0 ? outcome.Error : null;
    }

    private async ValueTask<string?> CallManyAsync(CommandOrigin origin, BatchCommand batch, CancellationToken cancellationToken)
    {
        if (!fanOut.TryTake(origin, Math.Max(1, batch.Items.Length)))
        {
            return TooMany().Error;
        }

        var outcomes = new CallOutcome[batch.Items.Length];
        var bytes = 0L;
        var atOnce = batch.Concurrency is > 0 and < BatchConcurrency ? (int)batch.Concurrency : BatchConcurrency;
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, outcomes.Length, options, async (i, ends) =>
        {
            var outcome = await _calls.InvokeAsync(origin, batch.Items[i].Call, ends).ConfigureAwait(false);
            outcomes[i] = Interlocked.Add(ref bytes, outcome.Payload.Length) <= Abi.GuestAbi.MaxMessage
                ? outcome
                : CallOutcome.Of(InvocationResult.Failure(InvocationError.PayloadTooLarge, "the results of the batch are too large together"));
        }).ConfigureAwait(false);

        if (batch.Callback.Length > 0)
        {
            var items = batch.Items.Zip(outcomes, (item, outcome) => (item.Index, outcome));
            callbacks.Post(origin, batch.Callback, CallbackPayloads.OfBatch(CallId.New(services.Time).ToString(), [.. items]));
        }

        return Array.Find(outcomes, outcome => outcome.Error.Length > 0).Error is { Length: > 0 } error ? $"at least one call of the batch failed: {error}" : null;
    }

    private async ValueTask<string?> ScheduleAsync(NamedCommand command, CancellationToken cancellationToken)
    {
        if (!callbacks.HasMethod(command.Name))
        {
            return NoMethod(command.Name);
        }

        return GuestArguments.TryRead(command.Value, out var arguments)
            ? await schedules.AddAsync(command.Name, command.DelayMs, arguments.Value, cancellationToken).ConfigureAwait(false)
            : "its payload is not a map of arguments";
    }

    private async ValueTask<string?> LoadAsync(CommandOrigin origin, NamedCommand command, CancellationToken cancellationToken)
    {
        var found = await services.Host.FindValueAsync(KeyOf(command.Name), cancellationToken).ConfigureAwait(false);
        callbacks.Post(origin, command.Callback, CallbackPayloads.OfValue(command.Name, found));
        return found.Fault?.Message;
    }

    private string? Refuse(CommandOrigin origin, NamedCommand command) =>
        command.Name.Length is 0 or > MaxName ? $"it names nothing, or with more than {MaxName} characters"
        : command.Value.Length > MaxValue ? $"its value has {command.Value.Length} bytes; {MaxValue} are allowed"
        : origin.Depth > CommandOrigin.MaxDepth ? $"calls may lead to each other {CommandOrigin.MaxDepth} times"
        : fanOut.TryTake(origin, 1) ? null
        : TooMany().Error;

    private ValueKey KeyOf(string key) => new(services.Manifest.Kv == ValueSharing.Shared ? "" : services.Manifest.Id.Value, key);

    private static string NoMethod(string method) => $"the skill has no method '{LogText.Visible(method, MaxShown)}'";

    private static CallOutcome TooMany() => CallOutcome.Of(
        InvocationResult.Failure(InvocationError.SkillLimit, $"one call may lead to {FanOutTable.Limit} commands"));
}
