namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Puts a ticket on the one request that opens a WebSocket. Does not own the handler behind it.</summary>
internal sealed class TicketHandler(ConnectionTicket ticket, HttpMessageHandler handler) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _sender = new(handler, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.Set(ConnectionTicket.Key, ticket);
        return _sender.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _sender.Dispose();
        base.Dispose(disposing);
    }
}
