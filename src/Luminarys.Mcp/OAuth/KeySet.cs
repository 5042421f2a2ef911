using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Luminarys.Mcp.OAuth;

/// <summary>
/// The issuer's keys as they were fetched last. A key that is not among them makes it ask again, at most once in <see cref="Pause"/>, however many tokens name
/// one; keys that were taken back are forgotten after <see cref="Freshness"/>. An issuer that cannot be reached leaves the keys from before in use for
/// <see cref="Life"/>. Thread-safe.
/// </summary>
internal sealed class KeySet(KeySetSource source, TimeProvider time, ILogger<KeySet> logger) : IDisposable
{
    /// <summary>Least time between two questions to the issuer.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Age at which the next token makes it ask again, without waiting for the answer.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(10);

    /// <summary>Age at which keys are no longer used.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private Fetched? _current;
    private Task _fetch = Task.CompletedTask;
    private long? _asked;

    /// <summary>Asks the issuer unless it was asked a moment ago. <see cref="_fetch"/> holds the work.</summary>
    public void Begin() => _ = Refresh();

    /// <summary>Keys that may have made a signature; null when the issuer's keys are not to be had.</summary>
    /// <param name="id">The key that the token names; empty for any.</param>
    /// <param name="algorithm">The algorithm that the token names.</param>
    /// <param name="cancellationToken">The client's.</param>
    public async ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(string? id, string algorithm, CancellationToken cancellationToken)
    {
        var known = Usable();
        if (known is null || Match(known, id, algorithm).IsEmpty)
        {
            await Refresh().WaitAsync(cancellationToken).ConfigureAwait(false);
            known = Usable();
        }
        else if (time.GetElapsedTime(known.At) > Freshness)
        {
            Begin();
        }

        return known is null ? null : Match(known, id, algorithm);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private static ImmutableArray<SecurityKey> Match(Fetched known, string? id, string algorithm) =>
        [.. known.Keys.Where(key => (string.IsNullOrEmpty(id) || key.Kid == id) && (string.IsNullOrEmpty(key.Alg) || key.Alg == algorithm))];

    private Fetched? Usable() => Volatile.Read(ref _current) is { } known && time.GetElapsedTime(known.At) < Life ? known : null;

    private Task Refresh()
    {
        lock (_lock)
        {
            if (_fetch.IsCompleted && (_asked is not { } asked || time.GetElapsedTime(asked) >= Pause))
            {
                _asked = time.GetTimestamp();
                _fetch = FetchAsync(_end.Token);
            }

            return _fetch;
        }
    }

    /// <summary>Does not fail: whoever waits looks at what is there afterwards.</summary>
    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var keys = await source.FetchAsync(cancellationToken).ConfigureAwait(false);
            var before = Interlocked.Exchange(ref _current, new(keys, time.GetTimestamp()));
            if (before is null || !before.Keys.Select(key => key.Kid).SequenceEqual(keys.Select(key => key.Kid), StringComparer.Ordinal))
            {
                logger.KeysFetched(keys.Length, source.Issuer);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException or JsonException or ArgumentException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            logger.KeysNotFetched(source.Issuer, Usable() is null ? "no access token is accepted" : "the keys from before are used", exception.Message);
        }
        catch (OperationCanceledException)
        {
            // The edge ends.
        }
    }

    private sealed record Fetched(ImmutableArray<JsonWebKey> Keys, long At);
}
