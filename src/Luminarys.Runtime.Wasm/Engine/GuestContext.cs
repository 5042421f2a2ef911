using Luminarys.Manifests;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Commands;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>What all instances of one skill share.</summary>
/// <param name="Manifest">The skill's manifest.</param>
/// <param name="MemoryMegabytes">Memory limit of one instance.</param>
/// <param name="Log">Where the skill's own lines go.</param>
/// <param name="Logger">The host's log.</param>
/// <param name="Time">The clock.</param>
/// <param name="Functions">What the guest may import.</param>
internal sealed record GuestContext(Manifest Manifest, int MemoryMegabytes, SkillLog Log, ILogger Logger, TimeProvider Time, SkillFunctions Functions)
{
    /// <summary>What it keeps between calls.</summary>
    public required SkillState State { get; set; }

    /// <summary>Takes what its answers ask for.</summary>
    public required CommandRunner Commands { get; init; }

    /// <summary>What the guests of all skills may have together.</summary>
    public required MemoryBudget Budget { get; init; }

    /// <summary>Watches what it does; null when nobody does.</summary>
    public ISkillObserver? Observer { get; init; }

    /// <summary>Id of the skill.</summary>
    public SkillId Id => Manifest.Id;

    /// <summary>Memory limit of one instance, in bytes.</summary>
    public long MemoryBytes => (long)MemoryMegabytes << 20;

    /// <summary>Largest answer of a host function, in bytes.</summary>
    public int MaxHostAnswer => MaxHostAnswerOf(MemoryMegabytes);

    /// <summary>Largest answer of a host function to an instance with that memory: a quarter of it.</summary>
    public static int MaxHostAnswerOf(int memoryMegabytes) => Math.Min(Abi.GuestAbi.MaxMessage, memoryMegabytes << 18);
}
