namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Counts operations that use something shared, so that whoever disposes of it can wait for them. Thread-safe.</summary>
internal sealed class OperationGate
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _operations = 1;
    private bool _closed;

    /// <summary>Begins an operation; answers false when the gate is closed.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            _operations += _closed ? 0 : 1;
            return !_closed;
        }
    }

    /// <summary>Ends an operation.</summary>
    public void Exit()
    {
        lock (_gate)
        {
            if (--_operations == 0)
            {
                _idle.SetResult();
            }
        }
    }

    /// <summary>Lets no more operations begin; the task completes when those that have begun have ended. To be called once.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
        }

        Exit();
        return _idle.Task;
    }
}
