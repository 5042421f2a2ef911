using Luminarys.Architecture.Tests.Examples;
using Luminarys.Architecture.Tests.Rules;

namespace Luminarys.Architecture.Tests;

public sealed class TypeShapeTests
{
    private static readonly HashSet<string> s_own = Repository.SourceProjects.Select(project => project.AssemblyName).ToHashSet(StringComparer.Ordinal);

    public static TheoryData<string> Projects => [.. Repository.SourceAssemblies.Keys];

    public static TheoryData<string> Adapters => [.. Repository.SourceAssemblies.Keys.Where(ProjectRules.IsAdapter)];

    /// <summary>A library that this test project does not reference would escape every rule about types.</summary>
    [Fact]
    public void Tree_EveryLibrary_IsExamined() =>
        Assert.Equal(Repository.SourceProjects.Select(project => project.Name).Order(), Repository.SourceAssemblies.Keys.Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void Tree_EveryClass_IsSealedStaticOrAbstract(string project) => Verdict.Holds(TypeRules.OpenClasses(Repository.TypesOf(project)));

    [Fact]
    public void OpenClasses_Examples_AreCaught() => Verdict.Catches(
        TypeRules.OpenClasses(ExamplesIn(typeof(ShapeExamples))),
        "+OpenClass ",
        "+OpenInternalClass ",
        "+OpenInternalClass+OpenNestedClass ",
        "+OpenRecord ");

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Tree_Adapter_ShowsOptionsAndExtensionsOnly(string project) => Verdict.Holds(TypeRules.AdapterSurface(Repository.TypesOf(project)));

    [Fact]
    public void Tree_Adapters_AreThoseOfTheArchitecture() => Assert.Superset(
        new HashSet<string>(["Luminarys.Mcp", "Luminarys.Runtime.Wasm", "Luminarys.Transport.Nats"], StringComparer.Ordinal),
        Adapters.Select(row => row.Data).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void AdapterSurface_Examples_AreCaught() => Verdict.Catches(
        TypeRules.AdapterSurface(
        [
            typeof(ExampleBus), typeof(ExampleExtensions), typeof(ExampleInstanceExtensions), typeof(ExampleInternalBus), typeof(ExampleLevel),
            typeof(ExampleMode), typeof(ExampleOptions), typeof(ExampleStray), typeof(IExampleOptions),
        ]),
        ".ExampleBus ",
        ".ExampleInstanceExtensions ",
        ".ExampleStray ",
        ".IExampleOptions ");

    [Fact]
    public void AdapterSurface_EnumWithoutItsOptions_IsCaught() =>
        Verdict.Catches(TypeRules.AdapterSurface([typeof(ExampleMode)]), ".ExampleMode ");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Tree_PublicSignatures_ShowNoThirdParty(string project) =>
        Verdict.Holds(TypeRules.ForeignSignatures(project, Repository.TypesOf(project), s_own));

    [Theory]
    [InlineData(typeof(ShapeExamples.ShowsParameter))]
    [InlineData(typeof(ShapeExamples.ShowsReturnType))]
    [InlineData(typeof(ShapeExamples.ShowsProperty))]
    [InlineData(typeof(ShapeExamples.ShowsField))]
    [InlineData(typeof(ShapeExamples.ShowsConstructor))]
    [InlineData(typeof(ShapeExamples.ShowsTypeArgument))]
    [InlineData(typeof(ShapeExamples.ShowsConstraint))]
    [InlineData(typeof(ShapeExamples.ShowsProtectedMember))]
    [InlineData(typeof(ShapeExamples.ShowsDelegateParameter))]
    public void ForeignSignatures_Example_IsCaught(Type example) => Verdict.Catches(
        TypeRules.ForeignSignatures("Luminarys.Mcp", [example], s_own), "shows Xunit.Sdk.XunitException");

    [Fact]
    public void ForeignSignatures_BaseType_IsCaught() => Assert.Contains(
        TypeRules.ForeignSignatures("Luminarys.Mcp", [typeof(ShapeExamples.ShowsBaseType)], s_own),
        violation => violation.Contains("shows Xunit.Sdk.XunitException", StringComparison.Ordinal));

    [Theory]
    [InlineData(typeof(ShapeExamples.HidesForeignType))]
    [InlineData(typeof(ShapeExamples.ShowsExtensions))]
    [InlineData(typeof(ShapeExamples.SealedClass))]
    public void ForeignSignatures_InnocentExample_IsNotCaught(Type example) =>
        Verdict.Holds(TypeRules.ForeignSignatures("Luminarys.Cluster", [example], s_own));

    [Fact]
    public void ForeignSignatures_AspNetCore_IsForTheHttpEdgeAndComposition()
    {
        Type[] example = [typeof(ShapeExamples.ShowsAspNetCore)];
        Verdict.Catches(TypeRules.ForeignSignatures("Luminarys.Cluster", example, s_own), "shows Microsoft.AspNetCore.Http.HttpContext");
        Verdict.Holds(TypeRules.ForeignSignatures("Luminarys.Mcp", example, s_own));
        Verdict.Holds(TypeRules.ForeignSignatures("Luminarys.Hosting", example, s_own));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Tree_AtMostHalfOfTheTypes_ArePublic(string project) => Verdict.Holds(TypeRules.MostlyPublic(project, Repository.TypesOf(project)));

    [Fact]
    public void MostlyPublic_TwoOfThree_IsCaughtAndHalfIsNot()
    {
        Verdict.Catches(
            TypeRules.MostlyPublic("Luminarys.Cluster", [typeof(ExampleOptions), typeof(ExampleExtensions), typeof(ExampleInternalBus)]),
            "shows 2 of its 3 types");
        Verdict.Holds(TypeRules.MostlyPublic("Luminarys.Cluster", [typeof(ExampleOptions), typeof(ExampleInternalBus)]));
        Verdict.Holds(TypeRules.MostlyPublic("Luminarys.Core", [typeof(ExampleOptions)]));
    }

    private static IEnumerable<Type> ExamplesIn(Type holder) => holder.Assembly.GetTypes()
        .Where(type => type.FullName!.StartsWith(holder.FullName + "+", StringComparison.Ordinal))
        .OrderBy(type => type.FullName, StringComparer.Ordinal);
}
