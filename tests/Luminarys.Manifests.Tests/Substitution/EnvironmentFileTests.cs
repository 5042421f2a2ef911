using CsCheck;
using Luminarys.Manifests.Substitution;

namespace Luminarys.Manifests.Tests.Substitution;

public sealed class EnvironmentFileTests
{
    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("export A=b", "b")]
    [InlineData("  A = b  ", "b")]
    [InlineData("A=", "")]
    [InlineData("A=b c", "b c")]
    [InlineData("A=b # comment", "b")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A=# comment", "")]
    [InlineData("A='b # c'", "b # c")]
    [InlineData("A='b\\n'", "b\\n")]
    [InlineData("A='b' # comment", "b")]
    [InlineData("A=\"b\\n\\t\\\"\\\\c\"", "b\n\t\"\\c")]
    [InlineData("A=\"b\\q\"", "b\\q")]
    [InlineData("A=\"\"", "")]
    [InlineData("A=b=c", "b=c")]
    [InlineData("A=${B}", "${B}")]
    [InlineData("A=b\r", "b")]
    [InlineData("A=1\nA=b", "b")]
    public void Parse_Entry_HasItsValue(string text, string expected)
    {
        var entries = new Dictionary<string, string>();

        Assert.Empty(EnvironmentFile.Parse(text, entries));
        Assert.Equal(expected, entries["A"]);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("1A=secret")]
    [InlineData("A-B=secret")]
    [InlineData("=secret")]
    [InlineData("A='secret")]
    [InlineData("A=\"secret\\\"")]
    [InlineData("A='secret' more")]
    public void Parse_BadLine_IsReportedWithoutItsValue(string line)
    {
        var entries = new Dictionary<string, string>();

        var problem = Assert.Single(EnvironmentFile.Parse($"# comment\n\n{line}\nB=1", entries));

        Assert.Equal(3, problem.Line);
        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
        Assert.Equal(["B"], entries.Keys);
    }

    [Fact]
    public void Parse_AnyText_NeverThrows() =>
        Gen.String[Gen.Char["AB=1'\"\\n #\r\n\texport"], 0, 80].Sample(text => EnvironmentFile.Parse(text, new Dictionary<string, string>()), iter: 10_000);
}
