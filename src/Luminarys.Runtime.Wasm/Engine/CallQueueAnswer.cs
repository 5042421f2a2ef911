namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>What became of a call that was offered to a queue.</summary>
internal enum CallQueueAnswer
{
    /// <summary>It waits.</summary>
    Accepted,

    /// <summary>Too many wait already.</summary>
    Full,

    /// <summary>The skill is being unloaded.</summary>
    Closed,
}
