using System.Collections.Concurrent;

namespace Luminarys.Benchmarks.Remote;

/// <summary>A thread that completes whatever is given to it: the change of threads that a guest costs at least.</summary>
internal sealed class OtherThread : IDisposable
{
    private readonly BlockingCollection<TaskCompletionSource> _visits = [];

    public OtherThread() => new Thread(Run) { IsBackground = true }.Start();

    public Task VisitAsync()
    {
        var visit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _visits.Add(visit);
        return visit.Task;
    }

    public void Dispose() => _visits.CompleteAdding();

    private void Run()
    {
        foreach (var visit in _visits.GetConsumingEnumerable())
        {
            visit.SetResult();
        }

        _visits.Dispose();
    }
}
