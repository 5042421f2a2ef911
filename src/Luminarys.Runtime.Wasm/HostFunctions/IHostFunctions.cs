namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>One family of host functions as one skill has it: made when the skill loads, disposed when it is unloaded. Thread-safe.</summary>
internal interface IHostFunctions : IAsyncDisposable
{
    /// <summary>The function of that name; null when it belongs to another family.</summary>
    HostFunction? Find(string name);

    /// <summary>An instance of the skill is gone, by a trap or otherwise: what was opened for it, such as connections, ends.</summary>
    void OnInstanceDiscarded();
}
