using Luminarys.Architecture.Tests.Examples;
using Luminarys.Architecture.Tests.Rules;

namespace Luminarys.Architecture.Tests;

public sealed class BudgetTests
{
    private static IEnumerable<Type> AllTypes => Repository.SourceAssemblies.Values.SelectMany(assembly => assembly.GetTypes());

    [Fact]
    public void Tree_SourceFiles_AreFound()
    {
        Assert.Contains(Repository.SourceFiles, file => file is { Path: "src/Luminarys.Core/Nodes/NodeId.cs", Project: "Luminarys.Core" });
        Assert.DoesNotContain(Repository.SourceFiles, file => file.Path.Contains("/obj/", StringComparison.Ordinal));
    }

    [Fact]
    public void Tree_Files_AreShort() => Verdict.Holds(BudgetRules.LongFiles(Repository.SourceFiles));

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, true)]
    public void LongFiles_Limit_IsFourHundred(int lines, bool caught) => Verdict.Catches(
        BudgetRules.LongFiles([new SourceFile("src/A/B.cs", string.Concat(Enumerable.Repeat("// line\n", lines)))]),
        caught ? ["src/A/B.cs has 401 lines"] : []);

    [Fact]
    public void Tree_Constructors_AreNarrow() => Verdict.Holds(BudgetRules.WideConstructors(AllTypes));

    [Theory]
    [InlineData(typeof(BudgetExamples.SevenCollaborators), true)]
    [InlineData(typeof(BudgetExamples.SevenWithClock), true)]
    [InlineData(typeof(BudgetExamples.SevenWithDelegate), true)]
    [InlineData(typeof(BudgetExamples.SevenWithPort), true)]
    [InlineData(typeof(BudgetExamples.SixCollaborators), false)]
    [InlineData(typeof(BudgetExamples.SevenValues), false)]
    [InlineData(typeof(BudgetExamples.SevenValuesInPlace), false)]
    public void WideConstructors_Example_IsJudged(Type example, bool caught) =>
        Verdict.Catches(BudgetRules.WideConstructors([example]), caught ? ["has a constructor of 7 parameters"] : []);

    [Fact]
    public void Tree_AsyncMethods_CanBeAwaited() => Verdict.Holds(BudgetRules.AsyncVoid(AllTypes));

    [Fact]
    public void AsyncVoid_MethodAndLambda_AreCaught() => Verdict.Catches(
        BudgetRules.AsyncVoid(typeof(BudgetExamples).Assembly.GetTypes()
            .Where(type => type.FullName!.StartsWith(typeof(BudgetExamples.Voids).FullName!, StringComparison.Ordinal))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)),
        "Voids.Method is async void",
        "<Lambda>");

    [Fact]
    public void Tree_Lines_HideNothing() => Verdict.Holds(BudgetRules.ForbiddenLines(Repository.SourceFiles));

    [Theory]
    [InlineData("    #region Fields", "#region")]
    [InlineData("# endregion", "#region")]
    [InlineData("#pragma warning disable", "#pragma")]
    [InlineData("#pragma warning disable CA1040", "#pragma")]
    [InlineData("#pragma warning disable CA1040 //", "#pragma")]
    [InlineData("#pragma warning disable // Everything here is fine.", "#pragma")]
    [InlineData("    // TO" + "DO: later", "issue")]
    [InlineData("    // FIX" + "ME", "issue")]
    [InlineData("""[SuppressMessage("Design", "CA1040")]""", "justification")]
    [InlineData("""[SuppressMessage("Design", "CA1040", Justification = null)]""", "justification")]
    public void ForbiddenLines_Example_IsCaught(string line, string reason) =>
        Verdict.Catches(BudgetRules.ForbiddenLines([new SourceFile("src/A/B.cs", "namespace A;\n" + line + "\n")]), "src/A/B.cs:2: " + (reason[0] == '#' ? reason : ""));

    [Theory]
    [InlineData("#pragma warning disable CA1040, CA1041 // A marker is what it is.")]
    [InlineData("#pragma warning restore CA1040")]
    [InlineData("""[SuppressMessage("Design", "CA1040", Justification = "A marker is what it is.")]""")]
    [InlineData("var region = todo; // todos are done")]
    public void ForbiddenLines_InnocentLine_IsNotCaught(string line) =>
        Verdict.Holds(BudgetRules.ForbiddenLines([new SourceFile("src/A/B.cs", line)]));
}
