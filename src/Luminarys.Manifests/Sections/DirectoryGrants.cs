using System.Collections.Immutable;
using Luminarys.Manifests.Validation;
using Luminarys.Manifests.Yaml;
using Luminarys.Permissions;

namespace Luminarys.Manifests.Sections;

/// <summary>Lists of directories with their mode.</summary>
internal static class DirectoryGrants
{
    public static ImmutableArray<DirectoryGrant> Read(SectionReader section, string key)
    {
        if (!section.TryFind(key, out var node))
        {
            return [];
        }

        var grants = ImmutableArray.CreateBuilder<DirectoryGrant>();
        var rule = DirectoryEntryRules.Pattern(section.WorkingDirectory);
        foreach (var scalar in section.Scalars(node, key))
        {
            var (path, mode) = DirectoryEntryRules.Split(scalar.Text, out var hasMode);
            if (rule(path, out var pattern) is { } complaint)
            {
                section.Error(scalar, key, $"{section.Problems.Quote(scalar)} {complaint}");
                continue;
            }

            if (!hasMode)
            {
                section.Warn(scalar, key, $"{section.Problems.Quote(scalar)} ends with neither ':ro' nor ':rw': it is read-only");
            }

            grants.Add(new DirectoryGrant(pattern, mode));
        }

        if (grants.Count > 0)
        {
            section.NoteUpcoming(node, key);
        }

        return grants.ToImmutable();
    }
}
