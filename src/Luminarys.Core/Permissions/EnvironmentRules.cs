namespace Luminarys.Permissions;

/// <summary>Which variables a skill may read: the keys of its manifest, never the host's own.</summary>
public static class EnvironmentRules
{
    /// <summary>Judges one key.</summary>
    public static Verdict Judge(PermissionSet permissions, string key)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        ArgumentNullException.ThrowIfNull(key);
        return permissions.Environment.ContainsKey(key) ? Verdict.Allow($"env: {key}") : Verdict.Deny($"env has no key '{key}'", $"env: {{ {key}: \"…\" }}");
    }
}
