using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Luminarys.Skills;
using MessagePack;

namespace Luminarys.Mcp.Arguments;

public sealed class ArgumentEncoderTests
{
    [Theory]
    [InlineData(ParameterType.String, "\"text\"", "a474657874")]
    [InlineData(ParameterType.String, "\"\"", "a0")]
    [InlineData(ParameterType.String, "\"\\u00e4\\n\"", "a3c3a40a")]
    [InlineData(ParameterType.String, "12", "a23132")]
    [InlineData(ParameterType.String, "1.50", "a4312e3530")]
    [InlineData(ParameterType.String, "true", "a474727565")]
    [InlineData(ParameterType.String, "[1]", "a35b315d")]
    [InlineData(ParameterType.String, "{\"a\":1}", "a77b2261223a317d")]
    [InlineData(ParameterType.Integer, "3", "03")]
    [InlineData(ParameterType.Integer, "3.0", "03")]
    [InlineData(ParameterType.Integer, "\"3\"", "03")]
    [InlineData(ParameterType.Integer, "\"3.0\"", "03")]
    [InlineData(ParameterType.Integer, "1e3", "cd03e8")]
    [InlineData(ParameterType.Integer, "-1", "ff")]
    [InlineData(ParameterType.Integer, "200", "ccc8")]
    [InlineData(ParameterType.Integer, "-9223372036854775808", "d38000000000000000")]
    [InlineData(ParameterType.Integer, "18446744073709551615", "cfffffffffffffffff")]
    [InlineData(ParameterType.Integer, "\"18446744073709551615\"", "cfffffffffffffffff")]
    [InlineData(ParameterType.Number, "3", "cb4008000000000000")]
    [InlineData(ParameterType.Number, "2.5", "cb4004000000000000")]
    [InlineData(ParameterType.Number, "\"2.5\"", "cb4004000000000000")]
    [InlineData(ParameterType.Number, "\"-1e2\"", "cbc059000000000000")]
    [InlineData(ParameterType.Boolean, "true", "c3")]
    [InlineData(ParameterType.Boolean, "\"false\"", "c2")]
    [InlineData(ParameterType.Boolean, "0", "c2")]
    [InlineData(ParameterType.Boolean, "1", "c3")]
    [InlineData(ParameterType.Array, "[1,2.5,\"x\",null,[true]]", "9501cb4004000000000000a178c091c3")]
    [InlineData(ParameterType.Object, "{\"a\":{\"b\":3.0},\"\\u0063\":-5}", "82a16181a162cb4008000000000000a163fb")]
    public void Encode_Value_IsCoercedToItsDeclaredType(ParameterType type, string json, string expectedHex)
    {
        var encoded = Encode("{\"p\":" + json + "}", TestSkills.Parameter("p", type));

        Assert.Null(encoded.Problem);
        Assert.Equal("81a170" + expectedHex, Convert.ToHexStringLower(encoded.Payload.Span));
    }

    [Theory]
    [InlineData(ParameterType.Integer, "3.5")]
    [InlineData(ParameterType.Integer, "\"three\"")]
    [InlineData(ParameterType.Integer, "\"\"")]
    [InlineData(ParameterType.Integer, "\" 3\"")]
    [InlineData(ParameterType.Integer, "true")]
    [InlineData(ParameterType.Integer, "1e30")]
    [InlineData(ParameterType.Integer, "18446744073709551616")]
    [InlineData(ParameterType.Integer, "9007199254740993.0")]
    [InlineData(ParameterType.Integer, "[3]")]
    [InlineData(ParameterType.Number, "\"NaN\"")]
    [InlineData(ParameterType.Number, "\"Infinity\"")]
    [InlineData(ParameterType.Number, "1e999")]
    [InlineData(ParameterType.Number, "\"1,5\"")]
    [InlineData(ParameterType.Number, "false")]
    [InlineData(ParameterType.Boolean, "2")]
    [InlineData(ParameterType.Boolean, "\"yes\"")]
    [InlineData(ParameterType.Boolean, "1.5")]
    [InlineData(ParameterType.Array, "\"[1]\"")]
    [InlineData(ParameterType.Array, "{}")]
    [InlineData(ParameterType.Object, "[]")]
    [InlineData(ParameterType.Object, "\"{}\"")]
    [InlineData(ParameterType.Object, "{\"a\":1e999}")]
    public void Encode_ValueOfAnotherType_IsRefusedByName(ParameterType type, string json)
    {
        var encoded = Encode("{\"p\":" + json + "}", TestSkills.Parameter("p", type));

        Assert.StartsWith("invalid parameter p: ", encoded.Problem, StringComparison.Ordinal);
        Assert.True(encoded.Payload.IsEmpty);
    }

    [Fact]
    public void Encode_DeclaredElements_AreCoercedToo()
    {
        var numbers = TestSkills.Parameter("p", ParameterType.Array, items: TestSkills.Parameter("", ParameterType.Integer));

        Assert.Equal("81a17093010203", Hex(Encode("""{"p":[1,"2",3.0]}""", numbers)));
        Assert.Equal("invalid parameter p: expected a whole number", Encode("""{"p":[1,"x"]}""", numbers).Problem);
        Assert.Equal("invalid parameter p: null inside a list", Encode("""{"p":[null]}""", numbers).Problem);
    }

    [Fact]
    public void Encode_NoArguments_IsAnEmptyMap()
    {
        Assert.Equal("80", Hex(ArgumentEncoder.Encode([], null)));
        Assert.Equal("80", Hex(Encode("""{"p":null}""", TestSkills.Parameter("p"))));
    }

    [Fact]
    public void Encode_MissingOptional_SendsTheDefaultElseNothing()
    {
        var parameters = new[]
        {
            TestSkills.Parameter("a", ParameterType.Integer, defaultJson: "7"),
            TestSkills.Parameter("b"),
            TestSkills.Parameter("c", ParameterType.Boolean, defaultJson: "false"),
            TestSkills.Parameter("d", defaultJson: "null"),
        };

        Assert.Equal("""{"a":7,"c":false}""", Json(Encode("{}", parameters)));
        Assert.Equal("""{"a":7,"c":true}""", Json(Encode("""{"a":null,"c":true}""", parameters)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"p":null}""")]
    [InlineData("""{"other":1}""")]
    public void Encode_RequiredMissing_IsNamed(string json) =>
        Assert.Equal("missing required parameter: p", Encode(json, TestSkills.Parameter("p", required: true)).Problem);

    [Fact]
    public void Encode_RequiredEmptyText_IsPresent() =>
        Assert.Equal("""{"p":""}""", Json(Encode("""{"p":""}""", TestSkills.Parameter("p", required: true))));

    [Theory]
    [InlineData("""{"p":"x","q":1}""")]
    [InlineData("""{"q":null}""")]
    public void Encode_Undeclared_IsRefused(string json) =>
        Assert.Equal("unknown parameter: q", Encode(json, TestSkills.Parameter("p")).Problem);

    [Theory]
    [InlineData(ParameterType.String, "\"fast\"", null)]
    [InlineData(ParameterType.String, "\"f\\u0061st\"", null)]
    [InlineData(ParameterType.String, "\"Fast\"", "invalid parameter p: expected one of fast, 2")]
    [InlineData(ParameterType.Integer, "2", null)]
    [InlineData(ParameterType.Integer, "\"2\"", null)]
    [InlineData(ParameterType.Integer, "3", "invalid parameter p: expected one of fast, 2")]
    public void Encode_AllowedValues_AreTheOnlyOnes(ParameterType type, string json, string? problem) =>
        Assert.Equal(problem, Encode("{\"p\":" + json + "}", TestSkills.OneOf("p", type, "fast", "2")).Problem);

    [Theory]
    [InlineData(ParameterType.Array)]
    [InlineData(ParameterType.Object)]
    public void Encode_Nesting_EndsAt32Levels(ParameterType type)
    {
        string Nested(int levels) => type == ParameterType.Array
            ? new string('[', levels) + new string(']', levels)
            : string.Concat(Enumerable.Repeat("{\"p\":", levels - 1)) + "{}" + new string('}', levels - 1);

        Assert.Null(Encode("{\"p\":" + Nested(31) + "}", TestSkills.Parameter("p", type)).Problem);
        Assert.Equal(
            "invalid parameter p: nested too deeply", Encode("{\"p\":" + Nested(32) + "}", TestSkills.Parameter("p", type)).Problem);
    }

    [Theory]
    [InlineData(ParameterType.String, "\"\\ud800\"")]
    [InlineData(ParameterType.Integer, "\"\\ud800\"")]
    [InlineData(ParameterType.Number, "\"\\ud800\"")]
    [InlineData(ParameterType.Object, "{\"\\ud800\":1}")]
    [InlineData(ParameterType.Array, "[\"\\udc00x\"]")]
    public void Encode_HalfASurrogatePair_IsRefused(ParameterType type, string json) =>
        Assert.NotNull(Encode("{\"p\":" + json + "}", TestSkills.Parameter("p", type)).Problem);

    [Fact]
    public void Encode_InvalidUtf8_IsRefused()
    {
        var value = JsonElement.Parse([.. "\""u8, 0xff, .. "\""u8]);

        var encoded = ArgumentEncoder.Encode(
            [ArgumentEncoder.Prepare(TestSkills.Parameter("p"), out _)], new Dictionary<string, JsonElement> { ["p"] = value });

        Assert.Equal("invalid parameter p: text that is not valid Unicode", encoded.Problem);
    }

    [Fact]
    public void Encode_AfterARefusal_StartsClean()
    {
        var parameter = TestSkills.Parameter("p", ParameterType.Integer);

        Assert.NotNull(Encode("""{"p":"x"}""", parameter).Problem);
        Assert.Equal("81a17005", Hex(Encode("""{"p":5}""", parameter)));
    }

    [Theory]
    [InlineData("x", "it is not JSON")]
    [InlineData("\"x\"", "expected a whole number")]
    public void Prepare_UnusableDefault_IsReportedAndDropped(string json, string problem)
    {
        var prepared = ArgumentEncoder.Prepare(TestSkills.Parameter("p", ParameterType.Integer, defaultJson: json), out var found);

        Assert.Null(prepared.Default);
        Assert.Equal(problem, found);
    }

    [Fact]
    public void Encode_Call_AllocatesOnlyThePayload()
    {
        var parameters = ImmutableArray.Create(
            ArgumentEncoder.Prepare(TestSkills.Parameter("text", required: true), out _),
            ArgumentEncoder.Prepare(TestSkills.Parameter("count", ParameterType.Integer), out _),
            ArgumentEncoder.Prepare(TestSkills.Parameter("rows", ParameterType.Array), out _));
        var arguments = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
            """{"text":"a text without escapes","count":12,"rows":[1,2,{"key":"value","other":2.5}]}""");
        var payload = ArgumentEncoder.Encode(parameters, arguments).Payload.Length;
        const int Rounds = 1000;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            ArgumentEncoder.Encode(parameters, arguments);
        }

        var perCall = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        Assert.InRange(perCall, payload, payload + 40);
    }

    [Fact]
    public void Encode_TextWithEscapes_AllocatesOnlyThePayload()
    {
        var parameters = ImmutableArray.Create(ArgumentEncoder.Prepare(TestSkills.Parameter("text"), out _));
        var text = string.Concat(Enumerable.Repeat("a line of \"code\"\n", 2000));
        var arguments = new Dictionary<string, JsonElement> { ["text"] = JsonSerializer.SerializeToElement(text) };
        var payload = ArgumentEncoder.Encode(parameters, arguments).Payload.Length;

        var before = GC.GetAllocatedBytesForCurrentThread();
        ArgumentEncoder.Encode(parameters, arguments);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated} B for a payload of {payload} B");
        Assert.InRange(allocated, payload, payload + 40);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "a")]
    [InlineData("""{"a":1,"\u0061":2}""", "a")]
    [InlineData("""{"x":[{"b":1,"\u0062":null}]}""", "b")]
    [InlineData("""{"1":1,"2":1,"3":1,"4":1,"5":1,"6":1,"7":1,"8":1,"9":1,"10":1,"11":1,"12":1,"13":1,"14":1,"15":1,"16":1,"\u0031":1}""", "1")]
    public void Encode_NameGivenTwice_IsRefusedByName(string json, string name) => Assert.Equal(
        $"invalid parameter p: the name {name} is given twice", Encode($"{{\"p\":{json}}}", TestSkills.Parameter("p", ParameterType.Object)).Problem);

    private static IEnumerable<Int128> AroundIt(Int128 border) => [border - 1, border, border + 1, -border - 1, -border, -border + 1];

    [Fact]
    public void Encode_IntegersAtEveryBorder_AreShortestAndComeBack()
    {
        int[] bits = [5, 7, 8, 15, 16, 31, 32, 53, 63, 64];
        var borders = bits.Select(bit => Int128.One << bit).SelectMany(AroundIt)
            .Where(value => value >= long.MinValue && value <= ulong.MaxValue);
        foreach (var value in borders)
        {
            var encoded = Encode($"{{\"p\":[{value}]}}", TestSkills.Parameter("p", ParameterType.Array));

            Assert.Null(encoded.Problem);
            Assert.Equal($"{{\"p\":[{value}]}}", Json(encoded));
            Assert.Equal(SizeOf(value), encoded.Payload.Length - 4);
        }
    }

    private static int SizeOf(Int128 value) =>
        value >= -32 && value <= 127 ? 1
        : value >= sbyte.MinValue && value <= byte.MaxValue ? 2
        : value >= short.MinValue && value <= ushort.MaxValue ? 3
        : value >= int.MinValue && value <= uint.MaxValue ? 5
        : 9;

    [Fact]
    public void Encode_AnyJson_ComesBackTheSame()
    {
        TestJson.Value(4).Sample(
            value =>
            {
                var json = "{\"p\":" + value + "}";
                var encoded = Encode(json, TestSkills.Parameter("p", value[0] == '[' ? ParameterType.Array : ParameterType.Object));
                Assert.Null(encoded.Problem);
                Assert.Null(Results.ValueRenderer.TryRender(encoded.Payload, bareArrays: true, out var back));
                Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), back.Structured!.Value), json + " became " + back.Text);
            },
            iter: 5000);
    }

    private static EncodedArguments Encode(string json, params SkillParameter[] parameters) => ArgumentEncoder.Encode(
        [.. parameters.Select(parameter => ArgumentEncoder.Prepare(parameter, out _))],
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json));

    private static string Hex(EncodedArguments encoded) => Convert.ToHexStringLower(encoded.Payload.Span);

    private static string Json(EncodedArguments encoded) =>
        MessagePackSerializer.ConvertToJson(encoded.Payload, cancellationToken: TestContext.Current.CancellationToken);
}
