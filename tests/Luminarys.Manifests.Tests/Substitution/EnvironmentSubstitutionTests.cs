using CsCheck;
using Luminarys.Manifests.Substitution;

namespace Luminarys.Manifests.Tests.Substitution;

public sealed class EnvironmentSubstitutionTests
{
    private static readonly Dictionary<string, string> Variables = new() { ["SET"] = "value", ["EMPTY"] = "", ["_a1"] = "odd" };

    private static readonly Gen<Piece> GenPiece = Gen.Recursive<Piece>((depth, self) => depth < 4
        ? Gen.OneOf(GenLiteral, GenPlain, Gen.Select(GenName, Gen.OneOf(":-", "-"), self.List[0, 3], Default))
        : Gen.OneOf(GenLiteral, GenPlain));

    private static Gen<Piece> GenLiteral => Gen.OneOf(
        new Piece("text", "text"), new Piece("$$", "$"), new Piece("$NAME", "$NAME"), new Piece("a: b", "a: b"), new Piece("\n", "\n"), new Piece("é", "é"));

    private static Gen<string> GenName => Gen.OneOf("SET", "EMPTY", "UNSET", "_a1");

    private static Gen<Piece> GenPlain => GenName.Select(name => new Piece($"${{{name}}}", Value(name) ?? ""));

    [Theory]
    [InlineData("${SET}", "value")]
    [InlineData("${UNSET}", "")]
    [InlineData("${EMPTY}", "")]
    [InlineData("${UNSET:-text}", "text")]
    [InlineData("${EMPTY:-text}", "text")]
    [InlineData("${SET:-text}", "value")]
    [InlineData("${UNSET-text}", "text")]
    [InlineData("${EMPTY-text}", "")]
    [InlineData("${SET-text}", "value")]
    [InlineData("${SET:?no}", "value")]
    [InlineData("${EMPTY?no}", "")]
    [InlineData("${UNSET:-}", "")]
    [InlineData("${UNSET:-${SET}}", "value")]
    [InlineData("${UNSET:-a ${EMPTY:-b ${SET} c} d}", "a b value c d")]
    [InlineData("${SET:-${UNSET:?never reached}}", "value")]
    [InlineData("x${SET}y${SET}z", "xvalueyvaluez")]
    [InlineData("$$", "$")]
    [InlineData("$${SET}", "${SET}")]
    [InlineData("$$${SET}", "$value")]
    [InlineData("$SET $1 $", "$SET $1 $")]
    [InlineData("${_a1}", "odd")]
    [InlineData("${1}", "${1}")]
    [InlineData("${}", "${}")]
    [InlineData("${SET", "${SET")]
    [InlineData("${SET:}", "${SET:}")]
    [InlineData("${SET:+x}", "${SET:+x}")]
    [InlineData("${SET }", "${SET }")]
    [InlineData("${É}", "${É}")]
    [InlineData("${1 ${SET}}", "${1 value}")]
    [InlineData("a } b", "a } b")]
    [InlineData("k: \"${SET}\" # ${SET}", "k: \"value\" # value")]
    [InlineData("# ${SET:?no} $$", "# ${SET:?no} $$")]
    [InlineData("a\n \t# ${UNSET:?no}\n${SET}", "a\n \t# ${UNSET:?no}\nvalue")]
    [InlineData("${UNSET:-a\n# }\nb}", "a\n# }\nb")]
    public void Apply_Text_IsReplaced(string source, string expected)
    {
        var result = Apply(source);

        Assert.Equal(expected, result.Text);
        Assert.Empty(result.Failures);
    }

    [Theory]
    [InlineData("${UNSET:?set it}", "the variable UNSET is missing: set it")]
    [InlineData("${EMPTY:?}", "the variable EMPTY is missing")]
    [InlineData("${UNSET?set it}", "the variable UNSET is missing: set it")]
    [InlineData("${UNSET:?not ${SET}}", "the variable UNSET is missing: not ${SET}")]
    public void Apply_RequiredVariableMissing_Fails(string source, string message) =>
        Assert.Equal((3, message), Assert.Single(Apply($"\n\n{source}").Failures));

    [Fact]
    public void Apply_ValueWithReferences_IsInsertedVerbatim()
    {
        var substitution = new EnvironmentSubstitution(new Dictionary<string, string> { ["A"] = "${B} $$ }", ["B"] = "b" });

        Assert.Equal("${B} $$ }", substitution.Apply("${A}").Text);
    }

    [Fact]
    public void Apply_ValuesThatGrowTheFile_StopAtTheLimit()
    {
        var substitution = new EnvironmentSubstitution(new Dictionary<string, string> { ["A"] = new('x', 100_000) });

        var result = substitution.Apply(string.Concat(Enumerable.Repeat("${A}", 1000)));

        Assert.True(result.Text.Length <= 4 * 1024 * 1024);
        Assert.Single(result.Failures);
    }

    [Fact]
    public void Apply_HostileNesting_IsBounded()
    {
        var deep = string.Concat(Enumerable.Repeat("${U:-", 100_000));

        Assert.Equal(deep, Apply(deep).Text);
        Assert.Contains("nested", Assert.Single(Apply(deep + new string('}', 100_000)).Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_GeneratedText_AgreesWithItsModel() => GenPiece.List[0, 12].Sample(
        pieces =>
        {
            var source = string.Concat(pieces.Select(piece => piece.Source));
            var expected = string.Concat(pieces.Select(piece => piece.Expected));
            Assert.Equal(expected, Apply(source).Text);
        },
        iter: 10_000);

    [Fact]
    public void Apply_TextWithoutDollar_StaysAsItIs() => Gen.String.Where(text => !text.Contains('$', StringComparison.Ordinal)).Sample(
        text => Assert.Equal(text, Apply(text).Text),
        iter: 10_000);

    [Fact]
    public void Apply_AnyText_NeitherThrowsNorLosesItsLines() =>
        Gen.String[Gen.Char["ab$${}:-?# \nUNSET"], 0, 60].Sample(source => Apply(source), iter: 10_000);

    [Fact]
    public void LineAt_ValuesWithLineBreaks_AnswersTheLineOfTheSource()
    {
        var line = Gen.OneOf("${TALL}", "${SET}", "${UNSET}", "${UNSET:-x}", "text", "");
        var substitution = new EnvironmentSubstitution(new Dictionary<string, string> { ["TALL"] = "1\n2\n3\n", ["SET"] = "v" });
        line.List[1, 20].Sample(
            lines =>
            {
                var source = string.Join('\n', lines.Select((text, index) => $"{text}<{index + 1}>"));
                var result = substitution.Apply(source);
                for (var number = 1; number <= lines.Count; number++)
                {
                    Assert.Equal(number, result.LineAt(result.Text.IndexOf($"<{number}>", StringComparison.Ordinal)));
                }
            },
            iter: 2_000);
    }

    [Fact]
    public void FindIn_InsertedValue_IsFoundOnlyWhereItTouches()
    {
        var result = Apply("aa ${SET} bb ${UNSET} cc");

        Assert.Equal("aa value bb  cc", result.Text);
        Assert.Null(result.FindIn(0, 2, InsertionKind.Value));
        Assert.Equal("SET", result.FindIn(5, 6, InsertionKind.Value)?.Variable);
        Assert.Null(result.FindIn(9, 15, InsertionKind.Value));
        Assert.Equal("UNSET", result.FindIn(9, 15, InsertionKind.Unset)?.Variable);
    }

    private static Piece Default(string name, string operation, List<Piece> inner)
    {
        var value = Value(name);
        var isUsed = value is null || (operation == ":-" && value.Length == 0);
        return new Piece(
            $"${{{name}{operation}{string.Concat(inner.Select(piece => piece.Source))}}}",
            isUsed ? string.Concat(inner.Select(piece => piece.Expected)) : value!);
    }

    private static string? Value(string name) => Variables.GetValueOrDefault(name);

    private static SubstitutedText Apply(string source) => new EnvironmentSubstitution(Variables).Apply(source);

    private sealed record Piece(string Source, string Expected);
}
