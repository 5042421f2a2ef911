using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Luminarys.Permissions;
using Luminarys.Permissions.Network;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Opens TCP connections, with TLS if asked to, as the rules allow.</summary>
internal sealed class TcpDial(SkillNetwork network)
{
    private PermissionGate Gate => network.Services.Gate;

    /// <summary>Judges, connects, shakes hands.</summary>
    public async ValueTask<DialOutcome> OpenAsync(HostCall host, string function, TcpCall call, CancellationToken cancellationToken)
    {
        if (!NetworkEndpoint.TryParse(call.Address, out var endpoint, out var fault))
        {
            return DialOutcome.Failed($"invalid argument: addr: {fault}");
        }

        var verdict = network.Setting.Defences.JudgesAddresses ? network.Tcp.Judge(endpoint) : Verdict.Allow("defence switched off");
        if (Gate.Check(host, function, endpoint.ToString(), verdict) is { } denial)
        {
            return DialOutcome.Failed(denial);
        }

        if (call.IsTls && call.ServerName.Length > 0 && network.Setting.Defences.JudgesServerNames
            && Gate.Check(host, function, $"{endpoint} as {call.ServerName}", network.Tcp.JudgeServerName(endpoint, call.ServerName)) is { } name)
        {
            return DialOutcome.Failed(name);
        }

        var judged = await network.Dialer.ResolveAsync(endpoint.Host, endpoint.Port, (all, own) => network.Tcp.Judge(endpoint, all, own), cancellationToken)
            .ConfigureAwait(false);
        if (Gate.Check(host, function, endpoint.ToString(), judged.Verdict) is { } forbidden)
        {
            return DialOutcome.Failed(forbidden);
        }

        var socket = await network.Dialer.ConnectAsync(new(endpoint.Host, endpoint.Port, judged.Addresses, cancellationToken), cancellationToken).ConfigureAwait(false);
        var stream = new NetworkStream(socket, ownsSocket: true);
        return call.IsTls ? await SecureAsync(host, function, call, endpoint, stream, cancellationToken).ConfigureAwait(false) : new(stream, null);
    }

    private async ValueTask<DialOutcome> SecureAsync(
        HostCall host, string function, TcpCall call, NetworkEndpoint endpoint, Stream inner, CancellationToken cancellationToken)
    {
        var options = network.CreateTlsOptions(call.IsInsecure);
        options.TargetHost = call.ServerName.Length > 0 ? call.ServerName : endpoint.Host.Name;
        var secure = new SslStream(inner);
        try
        {
            await secure.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return new(secure, null);
        }
        catch (AuthenticationException) when (call.IsInsecure && !network.IsInsecureAllowed)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            return DialOutcome.Failed(Gate.Check(host, function, endpoint.ToString(), InsecureTls.Verdict)!);
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
