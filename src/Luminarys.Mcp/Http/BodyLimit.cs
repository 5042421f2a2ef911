using Microsoft.AspNetCore.Http.Metadata;

namespace Luminarys.Mcp.Http;

/// <summary>Endpoint metadata: the largest request body that the server reads.</summary>
internal sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    /// <inheritdoc/>
    public long? MaxRequestBodySize => bytes;
}
