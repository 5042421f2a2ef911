using Luminarys.Manifests;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Compares a manifest with the descriptor that it meets at load.</summary>
internal static class ManifestNames
{
    /// <summary>One warning for each method that the manifest names and the module does not have.</summary>
    public static IEnumerable<string> FindUnknownMethods(Manifest manifest, SkillDescriptor descriptor)
    {
        var named = manifest.Mcp.HiddenMethods.Select(method => ("mcp.hidden_methods", method))
            .Concat((manifest.Mcp.ExposedMethods ?? []).Select(method => ("mcp.exposed_methods", method)))
            .Concat(manifest.Methods.Keys.Order(StringComparer.Ordinal).Select(method => ("methods", method)));
        foreach (var (key, method) in named)
        {
            if (descriptor.FindMethod(method) is null)
            {
                yield return $"{manifest.Source}: {key}: the skill has no method '{method}'";
            }
        }
    }
}
