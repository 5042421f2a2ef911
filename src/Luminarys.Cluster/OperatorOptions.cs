using System.Security.Cryptography;

namespace Luminarys.Cluster;

/// <summary>How an operator's command takes part in a cluster. Read once, when the client is built.</summary>
public sealed class OperatorOptions
{
    /// <summary>What the names of operators begin with; no node may have such an id.</summary>
    public const string Prefix = "op-";

    private const int RandomBytes = 4;

    /// <summary>Cluster.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>
    /// Name of the operator: <see cref="Prefix"/> and letters, digits, <c>_</c> or <c>-</c>. By default random. Where the bus holds everybody to a name, the name of
    /// its user; where nodes sign, the name that the master trusts.
    /// </summary>
    public string Name { get; set; } = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Private key of the operator, where nodes sign; see <see cref="SlaveOptions.NodeKeyFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Fingerprint of the master's key, by its node id. Goes together with <see cref="KeyFile"/>.</summary>
    public IDictionary<string, string> TrustedNodes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
