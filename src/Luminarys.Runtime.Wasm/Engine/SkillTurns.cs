using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Lets one operation at a time load, replace or unload a skill of one id. Thread-safe.</summary>
internal sealed class SkillTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SkillId, (SemaphoreSlim Turn, int Users)> _turns = [];

    /// <summary>Waits for the turn; <see cref="Leave"/> ends it.</summary>
    public async Task EnterAsync(SkillId skill, CancellationToken cancellationToken)
    {
        SemaphoreSlim turn;
        lock (_gate)
        {
            var (known, users) = _turns.GetValueOrDefault(skill);
            turn = known ?? new SemaphoreSlim(1, 1);
            _turns[skill] = (turn, users + 1);
        }

        try
        {
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Forget(skill);
            throw;
        }
    }

    /// <summary>Ends the turn.</summary>
    public void Leave(SkillId skill)
    {
        lock (_gate)
        {
            _turns[skill].Turn.Release();
        }

        Forget(skill);
    }

    private void Forget(SkillId skill)
    {
        lock (_gate)
        {
            var (turn, users) = _turns[skill];
            if (users > 1)
            {
                _turns[skill] = (turn, users - 1);
                return;
            }

            _turns.Remove(skill);
            turn.Dispose();
        }
    }
}
