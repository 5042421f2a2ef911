using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills;
using Luminarys.State;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// What a skill keeps between its calls, shared by its instances; the last writer wins. A change is stored before the caller hears of success: what a
/// caller was told survives a crash.
/// </summary>
internal sealed class SkillState(SkillId skill, IStateStore states, ILogger logger)
{
    private readonly Lock _gate = new();
    private volatile byte[] _current = [];
    private StateKey _key;

    /// <summary>The state to send with a call; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Current => _current;

    /// <summary>Takes up what is stored for the skill as this package.</summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async Task LoadAsync(PackageId package, CancellationToken cancellationToken)
    {
        _key = new StateKey(skill, package);
        _current = (await states.FindStateAsync(_key, cancellationToken).ConfigureAwait(false)).ToArray();
    }

    /// <summary>Keeps what a successful call answered; answers false when it could not be stored. Blocks the guest's thread meanwhile.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="sent">The state that the call was sent: one that comes back as it was is not written, whatever another call has stored meanwhile.</param>
    public bool TryKeep(in GuestResponse response, ReadOnlyMemory<byte> sent)
    {
        var state = response.State;
        if (state.Length > GuestAbi.MaxState)
        {
            Log.StateTooLarge(logger, skill.Value, state.Length, GuestAbi.MaxState);
            return true;
        }

        // Empty means unchanged: guests that never touch their state answer it empty. Others send it back as they got it.
        return state.IsEmpty || state.Span.SequenceEqual(sent.Span) || TryStore(state);
    }

    // One writer at a time, so that memory and store agree about who was last.
    private bool TryStore(ReadOnlyMemory<byte> state)
    {
        lock (_gate)
        {
            try
            {
                states.SaveStateAsync(_key, state, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                // Broad on purpose: the store may be anybody's, and its failure is the end of one call only.
                Log.StateNotStored(logger, skill.Value, exception);
                return false;
            }

            // Copied, not to keep the whole answer alive.
            _current = state.ToArray();
            return true;
        }
    }
}
