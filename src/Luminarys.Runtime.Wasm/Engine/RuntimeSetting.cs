using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>What every loaded skill has in common.</summary>
/// <param name="Options">Limits and places.</param>
/// <param name="Ports">The application's side.</param>
/// <param name="Logger">The host's log.</param>
/// <param name="Time">The clock.</param>
internal sealed record RuntimeSetting(WasmRuntimeOptions Options, RuntimePorts Ports, ILogger Logger, TimeProvider Time);
