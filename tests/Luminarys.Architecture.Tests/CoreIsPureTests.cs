using Luminarys.Architecture.Tests.Rules;

namespace Luminarys.Architecture.Tests;

public sealed class CoreIsPureTests
{
    private static string CoreFile => Repository.SourceAssemblies["Luminarys.Core"].Location;

    [Fact]
    public void Core_UsedAssemblies_AreOfTheBaseClassLibrary()
    {
        Assert.NotEmpty(PurityRules.ReferencesOf(CoreFile));
        Verdict.Holds(PurityRules.ForeignReferences(CoreFile));
    }

    [Fact]
    public void Core_Project_DeclaresNoReference()
    {
        var core = Repository.SourceProjects.Single(project => project.Name == "Luminarys.Core");
        Assert.Empty(core.ProjectReferences);
        Assert.Empty(core.Packages);
        Assert.Empty(core.Frameworks);
    }

    /// <summary>This test assembly uses the test framework and Microsoft.Extensions: both are foreign.</summary>
    [Theory]
    [InlineData("xunit.v3.core")]
    [InlineData("Microsoft.Extensions.Logging.Abstractions")]
    public void ForeignReferences_AssemblyThatUsesOthers_IsCaught(string reference) => Assert.Contains(
        PurityRules.ForeignReferences(typeof(CoreIsPureTests).Assembly.Location),
        violation => violation.EndsWith($"references {reference}.", StringComparison.Ordinal));
}
