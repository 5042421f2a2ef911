using System.Collections.Immutable;
using Luminarys.Manifests.Configuration;
using Luminarys.Manifests.Yaml;
using Luminarys.Nodes;

namespace Luminarys.Manifests.Sections;

/// <summary>The whole host configuration.</summary>
internal static class HostDocument
{
    public static HostConfiguration Read(SectionReader root, string directory, ImmutableDictionary<string, string> variables, bool isForOperator)
    {
        var cluster = ClusterSection.Read(root, isForOperator);
        var http = HttpSection.Read(root);
        if (http is not null && cluster?.Role == NodeRole.Slave)
        {
            root.Warn(root.PlaceOf("http"), "http", "ignored: a slave serves no HTTP");
            http = null;
        }

        return new HostConfiguration(root.Problems.File, directory)
        {
            Http = http,
            Runtime = HostSections.ReadRuntime(root),
            DatabasePath = HostSections.ReadDatabase(root, directory),
            Log = HostSections.ReadLog(root),
            Skills = HostSections.ReadSkills(root),
            Mcp = HostSections.ReadMcp(root),
            NetworkInternal = HostSections.ReadNetwork(root),
            Shell = HostSections.ReadShell(root),
            FileSystem = HostSections.ReadFileSystem(root),
            ArchiveLinks = HostSections.ReadArchive(root),
            Trust = HostSections.ReadTrust(root, directory),
            Cluster = cluster,
            Variables = variables,
        };
    }
}
