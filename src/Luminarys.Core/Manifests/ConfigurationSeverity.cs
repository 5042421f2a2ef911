namespace Luminarys.Manifests;

/// <summary>How bad a problem of a configuration file is.</summary>
public enum ConfigurationSeverity
{
    /// <summary>The file is used all the same.</summary>
    Warning,

    /// <summary>The file is not used.</summary>
    Error,
}
