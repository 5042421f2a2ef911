namespace Luminarys.Invocations;

/// <summary>Inbound port: what an edge calls. Implementations are thread-safe.</summary>
public interface IInvoker
{
    /// <summary>
    /// Runs a call where its skill lives and answers exactly once. Expected failures are values; cancellation is answered with
    /// <see cref="InvocationError.Cancelled"/> and reaches the node that executes.
    /// </summary>
    ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken);
}
