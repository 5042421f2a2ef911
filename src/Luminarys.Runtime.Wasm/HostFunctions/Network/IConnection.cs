namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>An open connection of a skill.</summary>
internal interface IConnection
{
    /// <summary>Random: another skill cannot guess it, and would not find it.</summary>
    string Id { get; }

    /// <summary>Completes when nothing of the connection runs any more.</summary>
    Task Completion { get; }

    /// <summary>Ends it now; no event follows.</summary>
    void Abort();
}
