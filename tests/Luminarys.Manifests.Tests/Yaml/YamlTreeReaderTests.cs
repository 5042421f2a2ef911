using System.Text;
using Luminarys.Manifests.Substitution;
using Luminarys.Manifests.Yaml;

namespace Luminarys.Manifests.Tests.Yaml;

public sealed class YamlTreeReaderTests
{
    [Fact]
    public void Read_AliasBomb_IsRefusedBeforeItUnfolds()
    {
        var bomb = new StringBuilder("l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level <= 20; level++)
        {
            var items = string.Join(", ", Enumerable.Repeat($"*l{level - 1}", 10));
            bomb.Append(null, $"l{level}: &l{level} [{items}]\n");
        }

        var (node, problems) = Read(bomb.ToString());

        Assert.Null(node);
        Assert.Contains("aliases counted in full", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Read_DeepNesting_IsRefused(string open)
    {
        var (node, problems) = Read(string.Concat(Enumerable.Repeat(open, 100_000)));

        Assert.Null(node);
        Assert.Contains("nested", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Alias_IsTheNodeOfItsAnchor()
    {
        var (node, _) = Read("a: &x [1]\nb: *x\n");
        var map = Assert.IsType<YamlMapping>(node);

        Assert.Same(map.Entries[0].Value, map.Entries[1].Value);
    }

    [Fact]
    public void Read_Scalars_KnowTheirPlaceAndWhetherTheyAreNull()
    {
        const string Text = "a: é😀\r\nb: \"null\"\r\nc: ~\r\n";
        var map = (YamlMapping)Read(Text).Node!;

        Assert.Equal("é😀", Text[map.Entries[0].Value.Start..map.Entries[0].Value.End]);
        Assert.False(((YamlScalar)map.Entries[1].Value).IsNull);
        Assert.True(((YamlScalar)map.Entries[2].Value).IsNull);
    }

    [Fact]
    public void Read_FaultAtTheValueOfAVariable_NamesTheVariableAndNotTheValue()
    {
        var substituted = new EnvironmentSubstitution(new Dictionary<string, string> { ["TOKEN"] = "@hunter2 : [" }).Apply("a: ${TOKEN}\n");
        var problems = new ProblemList("file", substituted, ConfigurationSeverity.Warning);

        Assert.Null(YamlTreeReader.Read(substituted.Text, problems));
        var problem = Assert.Single(problems.ToImmutable());
        Assert.Contains("TOKEN", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToImmutable_ThousandsOfProblems_AreCutWithACount()
    {
        var text = string.Concat(Enumerable.Repeat("a: 1\n", 5_000));

        var (_, problems) = Read(text);

        Assert.Equal(201, problems.Count);
        Assert.Contains("more problems", problems[^1].Message, StringComparison.Ordinal);
    }

    private static (YamlNode? Node, IReadOnlyList<ConfigurationProblem> Problems) Read(string text)
    {
        var problems = new ProblemList("file", new EnvironmentSubstitution(new Dictionary<string, string>()).Apply(text), ConfigurationSeverity.Warning);
        var node = YamlTreeReader.Read(text, problems);
        return (node, problems.ToImmutable());
    }
}
