namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>HTTP, WebSocket and TCP of one skill: three families with one set of rules and one way to connect.</summary>
internal sealed class NetworkFunctions : IHostFunctions
{
    private readonly IHostFunctions[] _families;
    private readonly GuestHandlers _handlers;

    public NetworkFunctions(SkillServices services)
        : this(services, NetworkSetting.Standard)
    {
    }

    internal NetworkFunctions(SkillServices services, NetworkSetting setting)
    {
        var network = new SkillNetwork(services, setting);
        _handlers = new GuestHandlers(network);
        _families = [new HttpFunctions(network, _handlers), new WebSocketFunctions(network, _handlers), new TcpFunctions(network)];
    }

    /// <inheritdoc/>
    public HostFunction? Find(string name) => _families.Select(family => family.Find(name)).FirstOrDefault(function => function is not null);

    /// <inheritdoc/>
    public void OnInstanceDiscarded()
    {
        foreach (var family in _families)
        {
            family.OnInstanceDiscarded();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var family in _families)
        {
            await family.DisposeAsync().ConfigureAwait(false);
        }

        _handlers.Dispose();
    }
}
