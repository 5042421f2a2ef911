using Luminarys.Architecture.Tests.Rules;

namespace Luminarys.Architecture.Tests;

public sealed class ProjectGraphTests
{
    private static readonly Dictionary<string, ProjectPermit> s_exampleTable = new(StringComparer.Ordinal)
    {
        ["Luminarys.Core"] = new([], [], UsesAbstractions: false),
        ["Luminarys.Mcp"] = new(["Luminarys.Core"], ["Sdk.Of.Mcp"], UsesAspNetCore: true),
    };

    [Fact]
    public void Tree_Projects_AreFound()
    {
        Assert.Contains(Repository.SourceProjects, project => project.Name == "Luminarys.Core");
        Assert.Contains(Repository.AllProjects, project => project.Name == "Luminarys.Architecture.Tests");
        Assert.Contains(Repository.AllProjects, project => project.References.Contains("Luminarys.Core"));
    }

    [Fact]
    public void Tree_References_AreThoseOfTheTable() => Verdict.Holds(ProjectRules.OutsideTheTable(Repository.SourceProjects, ProjectPermit.Table));

    [Theory]
    [InlineData("Luminarys.Core", """<PackageReference Include="Microsoft.Extensions.Options" />""", "may not reference package Microsoft.Extensions.Options")]
    [InlineData("Luminarys.Core", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "may not reference framework Microsoft.AspNetCore.App")]
    [InlineData("Luminarys.Mcp", """<PackageReference Include="Sdk.Of.Mcp;Wasmtime" />""", "may not reference package Wasmtime")]
    [InlineData("Luminarys.Mcp", """<PackageReference Include="Wasmtime" Condition="'$(X)' == ''" />""", "may not reference package Wasmtime")]
    [InlineData("Luminarys.Mcp", """<ProjectReference Include="../Luminarys.Cluster/Luminarys.Cluster.csproj" />""", "may not reference project src/Luminarys.Cluster/")]
    [InlineData("Luminarys.Mcp", """<ProjectReference Include="..\Luminarys.Cluster\Luminarys.Cluster.csproj" />""", "may not reference project src/Luminarys.Cluster/")]
    [InlineData("Luminarys.Mcp", """<ProjectReference Include="../../tests/Luminarys.Contracts/Luminarys.Contracts.csproj" />""", "may not reference project tests/")]
    [InlineData("Luminarys.Mcp", """<FrameworkReference Include="Microsoft.WindowsDesktop.App" />""", "may not reference framework Microsoft.WindowsDesktop.App")]
    public void OutsideTheTable_ForeignReference_IsCaught(string project, string item, string violation)
    {
        var other = project == "Luminarys.Core" ? "Luminarys.Mcp" : "Luminarys.Core";
        Verdict.Catches(ProjectRules.OutsideTheTable([Project(project, item), Project(other)], s_exampleTable), violation);
    }

    [Fact]
    public void OutsideTheTable_PermittedReferences_AreNotCaught() => Verdict.Holds(ProjectRules.OutsideTheTable(
        [
            Project("Luminarys.Core"),
            Project(
                "Luminarys.Mcp",
                """<ProjectReference Include="../Luminarys.Core/Luminarys.Core.csproj" />""",
                """<PackageReference Include="Sdk.Of.Mcp" />""",
                """<PackageReference Include="Microsoft.Extensions.Options" />""",
                """<FrameworkReference Include="Microsoft.AspNetCore.App" />"""),
        ],
        s_exampleTable));

    [Fact]
    public void OutsideTheTable_UnknownProjectAndStaleRow_AreCaught() => Verdict.Catches(
        ProjectRules.OutsideTheTable([Project("Luminarys.Core"), Project("Luminarys.Common")], s_exampleTable),
        "src/Luminarys.Common/Luminarys.Common.csproj is not in the table",
        "a row for Luminarys.Mcp");

    [Fact]
    public void Tree_Projects_HideNoReference() => Verdict.Holds(ProjectRules.HiddenReferences(Repository.SourceProjects));

    [Theory]
    [InlineData("""<Reference Include="Some" HintPath="lib/Some.dll" />""", "<Reference>")]
    [InlineData("""<NoWarn>$(NoWarn);1591</NoWarn>""", "<NoWarn>")]
    [InlineData("""<Import Project="../more.props" />""", "<Import>")]
    public void HiddenReferences_Detour_IsCaught(string item, string violation) =>
        Verdict.Catches(ProjectRules.HiddenReferences([Project("Luminarys.Core", item)]), violation);

    [Fact]
    public void HiddenReferences_WebSdk_IsCaught() => Verdict.Catches(
        ProjectRules.HiddenReferences([ProjectFile.Parse("src/A/A.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""")]),
        "does not use Microsoft.NET.Sdk");

    [Fact]
    public void Tree_SharedPropertyFiles_AreOnlyAtTheRoot() =>
        Assert.Empty(Repository.Files("src", "Directory.*").Concat(Repository.Files("src", "*.props")).Concat(Repository.Files("src", "*.targets")));

    [Fact]
    public void Tree_Hosting_IsSeenOnlyFromTheTop() => Verdict.Holds(ProjectRules.HostingSeenFromBelow(Repository.AllProjects));

    [Fact]
    public void HostingSeenFromBelow_Library_IsCaught()
    {
        const string Hosting = """<ProjectReference Include="../Luminarys.Hosting/Luminarys.Hosting.csproj" />""";
        Verdict.Catches(
            ProjectRules.HostingSeenFromBelow([Project("Luminarys.Mcp", Hosting), Project("Luminarys.Cli", Hosting), Project("Luminarys.Testing", Hosting)]),
            "src/Luminarys.Mcp/");
    }

    [Fact]
    public void HostingSeenFromBelow_Sample_IsNotCaught() => Verdict.Holds(ProjectRules.HostingSeenFromBelow(
        [
            ProjectFile.Parse(
                "samples/One/One.csproj",
                """<Project><ProjectReference Include="../../src/Luminarys.Hosting/Luminarys.Hosting.csproj" /></Project>"""),
        ]));

    [Fact]
    public void Tree_Adapters_StandAlone() => Verdict.Holds(ProjectRules.AdaptersThatSeeOthers(Repository.SourceProjects));

    [Theory]
    [InlineData("Luminarys.Mcp", "Luminarys.Cluster")]
    [InlineData("Luminarys.Mcp", "Luminarys.Runtime.Wasm")]
    [InlineData("Luminarys.Transport.Tcp", "Luminarys.Transport.Nats")]
    [InlineData("Luminarys.Storage.Sqlite", "Luminarys.Files")]
    [InlineData("Luminarys.Files", "Luminarys.Hosting")]
    public void AdaptersThatSeeOthers_Reference_IsCaught(string adapter, string other) => Verdict.Catches(
        ProjectRules.AdaptersThatSeeOthers([Project(adapter, $"""<ProjectReference Include="../{other}/{other}.csproj" />""")]),
        $"{adapter} is an adapter and may not reference {other}".Replace($"{adapter} is", ".csproj is", StringComparison.Ordinal));

    [Fact]
    public void Tree_MessagePack_IsWhereBytesAreRead() => Verdict.Holds(ProjectRules.MessagePackElsewhere(Repository.SourceProjects));

    [Theory]
    [InlineData("Luminarys.Hosting", "MessagePack")]
    [InlineData("Luminarys.Core", "Nerdbank.MessagePack")]
    public void MessagePackElsewhere_Reference_IsCaught(string project, string package) => Verdict.Catches(
        ProjectRules.MessagePackElsewhere([Project(project, $"""<PackageReference Include="{package}" />""")]), package);

    [Fact]
    public void Tree_StandIns_AreConditional() => Verdict.Holds(ProjectRules.UnconditionalStandIns(Repository.AllProjects));

    [Theory]
    [InlineData("")]
    [InlineData("""Condition="'$(UseStandIns)' != 'false'" """)]
    public void UnconditionalStandIns_AlwaysUsed_IsCaught(string condition) => Verdict.Catches(
        ProjectRules.UnconditionalStandIns(
            [Project("Luminarys.Transport.Nats", $"""<ProjectReference Include="../../eng/stand-ins/NATS.NKeys/NATS.NKeys.csproj" {condition}/>""")]),
        "without the condition UseStandIns");

    [Fact]
    public void Tree_Versions_AreCentral() => Verdict.Holds(ProjectRules.VersionsOutsideTheCentralFile(Repository.AllProjects));

    [Theory]
    [InlineData("""<PackageReference Include="Wasmtime" Version="1.0.0" />""")]
    [InlineData("""<PackageReference Include="Wasmtime" VersionOverride="1.0.0" />""")]
    [InlineData("""<PackageReference Include="Wasmtime"><Version>1.0.0</Version></PackageReference>""")]
    [InlineData("""<VersionPrefix>1.0.0</VersionPrefix>""")]
    public void VersionsOutsideTheCentralFile_Version_IsCaught(string item) =>
        Verdict.Catches(ProjectRules.VersionsOutsideTheCentralFile([Project("Luminarys.Core", item)]), "has a version of its own");

    [Fact]
    public void Tree_SharedPackages_StayPrivate() => Verdict.Holds(
        ProjectRules.SharedPackagesThatFlow(ProjectFile.Parse("Directory.Build.props", File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")))));

    [Fact]
    public void SharedPackagesThatFlow_PublicPackage_IsCaught() => Verdict.Catches(
        ProjectRules.SharedPackagesThatFlow(ProjectFile.Parse(
            "Directory.Build.props",
            """<Project><ItemGroup><PackageReference Include="Some" /><PackageReference Include="Other" PrivateAssets="all" /></ItemGroup></Project>""")),
        "gives Some to every library");

    [Fact]
    public void Tree_EveryLibrary_HasItsFiles() =>
        Verdict.Holds(ProjectRules.MissingFiles(Repository.SourceProjects, path => File.Exists(Path.Combine(Repository.Root, path))));

    [Fact]
    public void MissingFiles_LibraryWithoutReadme_IsCaught() => Verdict.Catches(
        ProjectRules.MissingFiles([Project("Luminarys.Core")], path => !path.EndsWith("README.md", StringComparison.Ordinal)),
        "src/Luminarys.Core has no README.md");

    [Fact]
    public void Tree_EveryProject_IsInTheSolution() =>
        Verdict.Holds(ProjectRules.OutsideTheSolution(Repository.AllProjects, File.ReadAllText(Path.Combine(Repository.Root, "Luminarys.sln"))));

    [Fact]
    public void OutsideTheSolution_ForgottenProject_IsCaught() => Verdict.Catches(
        ProjectRules.OutsideTheSolution(
            [Project("Luminarys.Core"), Project("Luminarys.Mcp")],
            """Project("{FAE04EC0}") = "Luminarys.Core", "src\Luminarys.Core\Luminarys.Core.csproj", "{56ECC2FA}" """),
        "src/Luminarys.Mcp/Luminarys.Mcp.csproj is not in Luminarys.sln");

    private static ProjectFile Project(string name, params string[] items) =>
        ProjectFile.Parse($"src/{name}/{name}.csproj", $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{string.Concat(items)}</ItemGroup></Project>""");
}
