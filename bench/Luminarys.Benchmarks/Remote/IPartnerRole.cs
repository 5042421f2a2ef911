namespace Luminarys.Benchmarks.Remote;

/// <summary>What a partner process does until its input ends.</summary>
internal interface IPartnerRole : IAsyncDisposable
{
    /// <summary>Answers a question of the benchmark with one line.</summary>
    Task<string> AnswerAsync(string question) => Task.FromResult("");
}
