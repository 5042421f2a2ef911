using Luminarys.Skills.Messages;

namespace Luminarys.Skills.Tests.Messages;

public sealed class MethodArgumentsTests
{
    private static readonly SkillMethod s_method = new(
        "all",
        "",
        [
            Parameter("text", ParameterType.String),
            Parameter("integer", ParameterType.Integer),
            Parameter("number", ParameterType.Number),
            Parameter("flag", ParameterType.Boolean),
            Parameter("map", ParameterType.Object),
            Parameter("list", ParameterType.Array) with { Items = Parameter("", ParameterType.Integer) },
            Parameter("case", ParameterType.String) with { AllowedValues = ["upper", "lower"] },
        ]);

    [Theory]
    [InlineData("text", "3", """{"text":"3"}""")]
    [InlineData("integer", "-3", """{"integer":-3}""")]
    [InlineData("integer", "3.0", """{"integer":3}""")]
    [InlineData("integer", "18446744073709551615", """{"integer":18446744073709551615}""")]
    [InlineData("number", "2.5", """{"number":2.5}""")]
    [InlineData("flag", "true", """{"flag":true}""")]
    [InlineData("map", """{"a":[1,"b"]}""", """{"map":{"a":[1,"b"]}}""")]
    [InlineData("list", "[1,2]", """{"list":[1,2]}""")]
    [InlineData("list", "7", """{"list":[7]}""")]
    [InlineData("case", "upper", """{"case":"upper"}""")]
    public void AddText_Value_TakesTheDeclaredType(string name, string text, string expected)
    {
        var arguments = new MethodArguments(s_method);
        arguments.AddText(name, text);

        Assert.Equal(expected, MessageText.Of(arguments.Write(out var problems)));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("integer", "3.5", "expected a whole number")]
    [InlineData("number", "much", "expected a number")]
    [InlineData("flag", "yes", "expected true or false")]
    [InlineData("map", "[]", "expected a JSON object")]
    [InlineData("map", "{", "not JSON")]
    [InlineData("list", "[1,\"x\"]", "expected a whole number")]
    [InlineData("case", "Upper", "expected one of upper, lower")]
    [InlineData("other", "x", "no such parameter; it has text, integer")]
    public void AddText_ValueThatDoesNotFit_IsAProblem(string name, string text, string expected)
    {
        var arguments = new MethodArguments(s_method);
        arguments.AddText(name, text);

        arguments.Write(out var problems);

        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void AddText_ArrayAgainAndAgain_IsOneArray()
    {
        var arguments = new MethodArguments(s_method);
        arguments.AddText("list", "1");
        arguments.AddText("list", "2");

        Assert.Equal("""{"list":[1,2]}""", MessageText.Of(arguments.Write(out var problems)));
        Assert.Empty(problems);
    }

    [Fact]
    public void AddText_ValueTwice_IsAProblem()
    {
        var arguments = new MethodArguments(s_method);
        arguments.AddText("text", "a");
        arguments.AddText("text", "b");

        arguments.Write(out var problems);

        Assert.Equal(["text: it is given twice"], problems);
    }

    [Fact]
    public void AddText_ArrayAfterWhatIsNone_IsAProblem()
    {
        var bytes = new MethodArguments(s_method);
        bytes.AddBytes("list", new byte[] { 1 });
        bytes.AddText("list", "1");
        bytes.Write(out var afterBytes);
        var number = new MethodArguments(s_method);
        number.AddJson("""{"list": 5}""");
        number.AddText("list", "1");
        number.Write(out var afterNumber);

        Assert.Contains("list: it is given twice", afterBytes);
        Assert.Contains("list: it is given twice", afterNumber);
    }

    [Theory]
    [InlineData("text", "\\ud800")]
    [InlineData("text", "a\\udc00b")]
    [InlineData("map", """{"a":["\ud800"]}""")]
    [InlineData("map", """{"\ud800":1}""")]
    public void Add_HalfOfACharacter_IsAProblem(string name, string text)
    {
        var value = name == "text" ? System.Text.RegularExpressions.Regex.Unescape(text) : text;
        var typed = new MethodArguments(s_method);
        typed.AddText(name, value);
        typed.Write(out var ofText);
        var json = new MethodArguments(s_method);
        json.AddJson(name == "text" ? $$"""{"text":"{{text}}"}""" : $$"""{"map":{{text}}}""");
        json.Write(out var ofJson);

        Assert.Contains("not valid Unicode", Assert.Single(ofText), StringComparison.Ordinal);
        Assert.Contains("not valid Unicode", Assert.Single(ofJson), StringComparison.Ordinal);
    }

    [Fact]
    public void AddJson_Object_IsTheArguments()
    {
        var arguments = new MethodArguments(s_method);
        arguments.AddJson("""{"integer": 3, "text": "a", "list": [1]}""");

        Assert.Equal("""{"integer":3,"text":"a","list":[1]}""", MessageText.Of(arguments.Write(out var problems)));
        Assert.Empty(problems);
    }

    [Fact]
    public void AddBytes_Content_StaysBytes()
    {
        var arguments = new MethodArguments(s_method);
        arguments.AddBytes("text", new byte[] { 0, 255 });

        Assert.Equal("""{"text":"AP8="}""", MessageText.Of(arguments.Write(out var problems)));
        Assert.Empty(problems);
    }

    [Fact]
    public void Write_DefaultsAndRequired_AreFilledAndAskedFor()
    {
        var method = new SkillMethod("m", "", [Parameter("a", ParameterType.Integer) with { DefaultJson = "5" }, Parameter("b", ParameterType.String) with { IsRequired = true }]);

        var payload = new MethodArguments(method).Write(out var problems);

        Assert.Equal("""{"a":5}""", MessageText.Of(payload));
        Assert.Contains("b: it is required (string)", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static SkillParameter Parameter(string name, ParameterType type) => new(name, type, "", false, []);
}
