using Luminarys.Runtime.Wasm.Abi;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>What a skill keeps between its calls, shared by its instances; the last writer wins. Lives as long as the skill is loaded.</summary>
internal sealed class SkillState(GuestContext context)
{
    private volatile byte[] _current = [];
    private int _warnedOfCommands;

    /// <summary>The state to send with a call; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Current => _current;

    /// <summary>Takes over what a successful call answered beside its result.</summary>
    public void Accept(in GuestResponse response)
    {
        if (response.HasCommands && Interlocked.Exchange(ref _warnedOfCommands, 1) == 0)
        {
            Log.CommandsIgnored(context.Logger, context.Id.Value);
        }

        if (response.State.Length > GuestAbi.MaxState)
        {
            Log.StateTooLarge(context.Logger, context.Id.Value, response.State.Length, GuestAbi.MaxState);
        }
        else if (!response.State.IsEmpty)
        {
            // Empty means unchanged: guests that never touch their state answer it empty. Copied, not to keep the whole answer alive.
            _current = response.State.ToArray();
        }
    }
}
