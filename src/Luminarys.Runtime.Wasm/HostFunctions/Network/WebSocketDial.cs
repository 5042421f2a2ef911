using System.Net.WebSockets;
using System.Security.Authentication;
using Luminarys.Permissions.Network;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Opens WebSockets over the skill's HTTP handler, as the rules allow. A redirect is not followed.</summary>
internal sealed class WebSocketDial(SkillNetwork network, GuestHandlers handlers)
{
    private const string Protocol = "Sec-WebSocket-Protocol";

    /// <summary>Judges, connects, upgrades.</summary>
    public async ValueTask<WebSocketOutcome> OpenAsync(HostCall host, WebSocketCall call, CancellationToken cancellationToken)
    {
        if (!WebAddress.TryParse(call.Url, out var address, out var fault))
        {
            return WebSocketOutcome.Failed($"invalid argument: url: {fault}");
        }

        if (!address.IsWebSocket)
        {
            return WebSocketOutcome.Failed("invalid argument: url: its scheme is not ws or wss");
        }

        if (FindHeaderFault(call) is { } header)
        {
            return WebSocketOutcome.Failed(header);
        }

        var gate = network.Services.Gate;
        if (network.Setting.Defences.JudgesAddresses && gate.Check(host, "ws_connect", address.ToLogText(), network.Http.Judge(address)) is { } denial)
        {
            return WebSocketOutcome.Failed(denial);
        }

        var judged = await network.Dialer.ResolveAsync(address.Host, address.Port, (all, own) => network.Http.Judge(address, all, own), cancellationToken)
            .ConfigureAwait(false);
        if (gate.Check(host, "ws_connect", address.ToLogText(), judged.Verdict) is { } forbidden)
        {
            return WebSocketOutcome.Failed(forbidden);
        }

        var socket = Create(call);
        try
        {
            var ticket = new ConnectionTicket(address.Host, address.Port, judged.Addresses, cancellationToken);
            using var sender = new HttpMessageInvoker(new TicketHandler(ticket, handlers.For(call.IsInsecure)));
            await socket.ConnectAsync(address.ToUri(), sender, cancellationToken).ConfigureAwait(false);
            return new(socket, null);
        }
        catch (WebSocketException exception) when (call.IsInsecure && !network.IsInsecureAllowed && IsAboutTrust(exception))
        {
            socket.Dispose();
            return WebSocketOutcome.Failed(gate.Check(host, "ws_connect", address.ToLogText(), InsecureTls.Verdict)!);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private string? FindHeaderFault(WebSocketCall call)
    {
        if (!network.Setting.Defences.RefusesHeaders)
        {
            return null;
        }

        var upgrade = call.Headers.FirstOrDefault(header =>
            header.Name.StartsWith("Sec-WebSocket-", StringComparison.OrdinalIgnoreCase) && !header.Name.Equals(Protocol, StringComparison.OrdinalIgnoreCase));
        return upgrade.Name is not null ? $"invalid argument: headers: {upgrade.Name} is set by the host"
            : Protocols(call).Any(protocol => !RequestHeaders.IsToken(protocol)) ? $"invalid argument: headers: {Protocol} is not a list of names"
            : RequestHeaders.FindFault(call.Headers, static (_, _) => false);
    }

    private static ClientWebSocket Create(WebSocketCall call)
    {
        var socket = new ClientWebSocket();
        foreach (var header in call.Headers.Where(header => !header.Name.Equals(Protocol, StringComparison.OrdinalIgnoreCase)))
        {
            socket.Options.SetRequestHeader(header.Name, header.Value);
        }

        foreach (var protocol in Protocols(call))
        {
            socket.Options.AddSubProtocol(protocol);
        }

        return socket;
    }

    private static string[] Protocols(WebSocketCall call) =>
    [
        .. call.Headers.Where(header => header.Name.Equals(Protocol, StringComparison.OrdinalIgnoreCase))
            .SelectMany(header => header.Value.Split(',', StringSplitOptions.TrimEntries)).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    private static bool IsAboutTrust(Exception? exception)
    {
        while (exception is not null and not AuthenticationException)
        {
            exception = exception.InnerException;
        }

        return exception is not null;
    }
}
