namespace Luminarys.Cluster.Protocol;

/// <summary>What is asked about a value.</summary>
internal enum KeyValueOperation
{
    /// <summary>What it is.</summary>
    Get,

    /// <summary>To be this from now on.</summary>
    Set,
}
