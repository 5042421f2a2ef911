using Luminarys.Cluster.Transfers;
using Luminarys.Nodes;

namespace Luminarys.Cluster;

/// <summary>Rules that the options of both roles share. Every finding is collected.</summary>
internal static class OptionRules
{
    private const int FingerprintLength = 64;

    private static readonly TimeSpan s_minInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_maxInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_maxDrain = TimeSpan.FromSeconds(300);

    public static void CheckIds(ICollection<string> problems, string cluster, string node)
    {
        CheckCluster(problems, cluster);
        CheckName(problems, node);
        if (Operators.Is(node))
        {
            problems.Add($"NodeId '{node}' is reserved: names that begin with '{OperatorOptions.Prefix}' are those of operators.");
        }
    }

    public static void CheckCluster(ICollection<string> problems, string cluster)
    {
        if (!ClusterId.TryParse(cluster, out _))
        {
            problems.Add($"ClusterId '{cluster}' must be 1 to 63 letters, digits, '_' or '-'.");
        }
    }

    public static void CheckName(ICollection<string> problems, string node)
    {
        if (!NodeId.TryParse(node, out _))
        {
            problems.Add($"NodeId '{node}' must be 1 to 63 letters, digits, '_' or '-'.");
        }
    }

    public static void CheckKeys(ICollection<string> problems, string? keyFile, IDictionary<string, string> trusted)
    {
        if (keyFile is null != (trusted.Count == 0))
        {
            problems.Add("NodeKeyFile and TrustedNodes go together: messages are signed and checked by both sides, or not at all.");
        }

        foreach (var (node, fingerprint) in trusted)
        {
            if (!NodeId.TryParse(node, out _))
            {
                problems.Add($"TrustedNodes: '{node}' must be 1 to 63 letters, digits, '_' or '-'.");
            }

            if (fingerprint.Length != FingerprintLength || !fingerprint.All(char.IsAsciiHexDigit))
            {
                problems.Add($"TrustedNodes: the fingerprint of '{node}' must be {FingerprintLength} hexadecimal digits.");
            }
        }
    }

    public static void CheckTimes(ICollection<string> problems, TimeSpan interval, TimeSpan ttl, TimeSpan drainLimit)
    {
        CheckRange(problems, "HeartbeatInterval", interval, s_minInterval, s_maxInterval);
        if (ttl < 3 * interval)
        {
            problems.Add($"NodeTtl {ttl} must be at least three times HeartbeatInterval {interval}.");
        }

        CheckRange(problems, "DrainLimit", drainLimit, TimeSpan.Zero, s_maxDrain);
    }

    public static void CheckRange(ICollection<string> problems, string name, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max)
        {
            problems.Add($"{name} {value} must be from {min} to {max}.");
        }
    }
}
