using Microsoft.AspNetCore.Http.Metadata;

namespace Luminarys.Mcp.Http;

/// <summary>Endpoint metadata: the largest request body that the server reads.</summary>
internal sealed class BodyLimit : IRequestSizeLimitMetadata
{
    /// <inheritdoc/>
    public long? MaxRequestBodySize => 4 * 1024 * 1024;
}
