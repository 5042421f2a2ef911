using System.Threading.Channels;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Lets work happen one after another: what reads, decides and writes must not be overtaken.</summary>
internal sealed class OneAtATime
{
    // Room for one: whoever puts the token in has the turn.
    private readonly Channel<bool> _turn = Channel.CreateBounded<bool>(1);

    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.Writer.WriteAsync(true, cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _turn.Reader.TryRead(out _);
        }
    }
}
