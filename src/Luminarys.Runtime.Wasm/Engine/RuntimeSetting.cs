using Luminarys.Runtime.Wasm.Commands;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>What every loaded skill has in common.</summary>
/// <param name="Options">Limits and places.</param>
/// <param name="Ports">The application's side.</param>
/// <param name="Logger">The host's log.</param>
/// <param name="Time">The clock.</param>
internal sealed record RuntimeSetting(WasmRuntimeOptions Options, RuntimePorts Ports, ILogger Logger, TimeProvider Time)
{
    /// <summary>What the guests of all skills may have together.</summary>
    public MemoryBudget Budget { get; } = new((long)Options.TotalMemoryMegabytes << 20);

    /// <summary>Counts what calls lead to, through all skills.</summary>
    public FanOutTable FanOut { get; } = new(Time);
}
