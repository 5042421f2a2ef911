namespace Luminarys.Chaos;

/// <summary>Calls at a steady rate from several clients' workers, each with an id of its own, a few slow and a few large.</summary>
internal sealed class Workload(ChaosCluster cluster, History history, double rate, int seed)
{
    private const int Workers = 128;
    private const int SlowMs = 400;
    private const int LargeCharacters = 60_000;
    private const int HugeCharacters = 600_000;

    private readonly IReadOnlyList<string> _skills = [.. cluster.Skills];
    private int _begun;

    /// <summary>Calls until the token is cancelled; completes when the last call has its answer.</summary>
    public async Task RunAsync(CancellationToken enough)
    {
        var start = history.Now;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(start, enough), CancellationToken.None)));
    }

    // A worker that was held up takes the next call at once: what a paused cluster owes is caught up on.
    private async Task WorkAsync(TimeSpan start, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _begun);
            var early = start + TimeSpan.FromSeconds(number / rate) - history.Now;
            if (early > TimeSpan.Zero)
            {
                try
                {
                    await Task.Delay(early, enough);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }

            await CallAsync(number);
        }
    }

    private Task<CallRecord> CallAsync(int number)
    {
        var dice = new Random(HashCode.Combine(seed, number));
        var id = $"c-{number:D6}";
        var skill = _skills[dice.Next(_skills.Count)];
        return dice.Next(100) switch
        {
            < 80 => cluster.CallAsync(history, id, skill, "append", new { id }, id),
            < 98 => cluster.CallAsync(history, id, skill, "append_slow", new { id, ms = dice.Next(SlowMs) }, id),
            < 99 => LargeAsync(id, skill, new((char)dice.Next('a', 'z'), dice.Next(LargeCharacters))),
            _ => LargeAsync(id, skill, new((char)dice.Next('a', 'z'), dice.Next(LargeCharacters, HugeCharacters))),
        };
    }

    private Task<CallRecord> LargeAsync(string id, string skill, string data) => cluster.CallAsync(history, id, skill, "big", new { id, data }, data);
}
