using Microsoft.Extensions.Options;

namespace Luminarys.Mcp;

[OptionsValidator]
internal sealed partial class McpEdgeOptionsValidator : IValidateOptions<McpEdgeOptions>;
