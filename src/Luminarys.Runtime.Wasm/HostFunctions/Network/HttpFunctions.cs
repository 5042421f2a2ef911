using System.Buffers;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary><c>http_get</c>, <c>http_post</c> and <c>http_request</c> of one skill.</summary>
internal sealed class HttpFunctions(SkillNetwork network, GuestHandlers handlers) : IHostFunctions
{
    /// <summary>Exchanges of one skill at the same time; one more waits, within its own time limit.</summary>
    public const int MaxConcurrent = 16;

    private readonly CookieJar _jar = new(network.Services.Time);
    private readonly SemaphoreSlim _slots = new(MaxConcurrent);

    /// <inheritdoc/>
    public HostFunction? Find(string name) => name switch
    {
        "http_get" => (call, request, answer) => Run(call, name, HttpRequests.ReadGet(request), answer),
        "http_post" => (call, request, answer) => Run(call, name, HttpRequests.ReadPost(request), answer),
        "http_request" => (call, request, answer) => Run(call, name, HttpRequests.ReadRequest(request), answer),
        _ => null,
    };

    /// <inheritdoc/>
    public void OnInstanceDiscarded()
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _slots.Dispose();
        return ValueTask.CompletedTask;
    }

    private string? Run(HostCall call, string function, HttpCall request, IBufferWriter<byte> answer)
    {
        var outcome = call.Await(_ => RunAsync(call, function, request));
        if (outcome.Answer is { } received)
        {
            HttpAnswers.Write(answer, received);
        }

        return outcome.Error;
    }

    private async ValueTask<HttpOutcome> RunAsync(HostCall call, string function, HttpCall request)
    {
        using var limit = new TimeLimit(call, request.TimeoutMs);
        var hasSlot = false;
        try
        {
            await _slots.WaitAsync(limit.Token).ConfigureAwait(false);
            hasSlot = true;
            return await new HttpExchange(network, handlers, _jar, call, function).SendAsync(request, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return HttpOutcome.Failed(limit.Text);
        }
        catch (Exception exception) when (NetworkFault.Is(exception))
        {
            return HttpOutcome.Failed(limit.Token.IsCancellationRequested ? limit.Text : NetworkFault.Of(exception).Text);
        }
        finally
        {
            if (hasSlot)
            {
                _slots.Release();
            }
        }
    }
}
