using Microsoft.Extensions.Options;

namespace Luminarys.Runtime.Wasm;

[OptionsValidator]
internal sealed partial class WasmRuntimeOptionsValidator : IValidateOptions<WasmRuntimeOptions>;
