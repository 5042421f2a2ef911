using System.Collections;

namespace Luminarys.Manifests;

/// <summary>The environment of this process, in the form that the readers take.</summary>
public static class ProcessEnvironment
{
    /// <summary>Takes a copy of the environment variables as they are now.</summary>
    public static IReadOnlyDictionary<string, string> Read() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
