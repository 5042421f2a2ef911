using Luminarys.Skills.Authoring;

namespace Luminarys.Skills.Tests.Authoring;

public sealed class AnnotationParserTests
{
    private const string Header = """
        // @skill:id com.example.tool
        // @skill:name "Tool"
        // @skill:version 1.0.0

        """;

    private const string Ping = """
        // @skill:method ping "Answer."
        export function ping(): string { return "pong"; }
        """;

    [Fact]
    public void Read_SmallestSkill_HasItsDefaults()
    {
        var skill = Read(Header + Ping).Skill!;

        Assert.Equal(("com.example.tool", "Tool", "1.0.0", ""), (skill.Id, skill.Name, skill.Version, skill.Description));
        Assert.Equal("@luminarys/sdk-as", skill.SdkPackage);
        Assert.Empty(skill.Requirements);
        var method = Assert.Single(skill.Methods);
        Assert.Equal(("ping", "Answer.", "ping"), (method.Name, method.Description, method.Function.Name));
        Assert.False(method.Function.TakesContext);
    }

    [Theory]
    [InlineData("default:\"\"", "", null)]
    [InlineData("default:HEAD~1", "HEAD~1", null)]
    [InlineData("example:func New", null, "func New")]
    [InlineData("example:**/*.go", null, "**/*.go")]
    [InlineData("default:a b example:\"console.log('Hello'); 2 + 2;\"", "a b", "console.log('Hello'); 2 + 2;")]
    [InlineData("example:\"default:x\" default:y", "y", "default:x")]
    [InlineData("", null, null)]
    public void Read_Attributes_EndAtTheNextOneOrTheEnd(string attributes, string? standard, string? example)
    {
        var parameter = Assert.Single(Method($"// @skill:param text optional \"A text\" {attributes}", "text: string").Parameters);

        Assert.Equal((standard, example), (parameter.Default, parameter.Example));
    }

    [Fact]
    public void Read_Enum_IsSplit() =>
        Assert.Equal(["a", "b c"], Assert.Single(Method("// @skill:param text \"A text\" enum:a|b c", "text: string").Parameters).AllowedValues);

    [Theory]
    [InlineData("required ", true)]
    [InlineData("optional ", false)]
    [InlineData("", false)]
    public void Read_Keyword_DecidesWhetherRequired(string keyword, bool isRequired) =>
        Assert.Equal(isRequired, Assert.Single(Method($"// @skill:param   text   {keyword}  \"It \\\"is\\\"\"", "other: string").Parameters).IsRequired);

    [Theory]
    [InlineData("fs /data rw", "fs", "/data", "rw")]
    [InlineData("fs /data/**:rw", "fs", "/data/**", "rw")]
    [InlineData("fs /data", "fs", "/data", "")]
    [InlineData("shell python -m venv .venv", "shell", "python -m venv .venv", "")]
    [InlineData("shell tar ro", "shell", "tar ro", "")]
    [InlineData("http **", "http", "**", "")]
    [InlineData("llm", "llm", "", "")]
    public void Read_Requirement_KeepsItsBlanks(string text, string kind, string pattern, string mode)
    {
        var skill = Read($"// @skill:require {text}\n{Header}{Ping}").Skill!;

        Assert.Equal(new SkillRequirement(kind, pattern, mode), Assert.Single(skill.Requirements));
    }

    [Fact]
    public void Read_CallbackWithOneMapOrBytes_TakesThePayload()
    {
        Assert.True(Method("// @skill:callback", "event: MsgValue").TakesPayload);
        Assert.True(Method("// @skill:callback", "event: Uint8Array").TakesPayload);
        var named = Method("// @skill:callback\n// @skill:param event \"It\"", "event: Uint8Array");
        Assert.False(named.TakesPayload);
        Assert.True(named.IsInternal);
    }

    [Theory]
    [InlineData("// @skill:name \"Tool\"\n// @skill:version 1.0.0\n\n", 1, "@skill:id is missing")]
    [InlineData("// @skill:id tool\n// @skill:name \"Tool\"\n// @skill:version 1.0.0\n\n", 1, "is not a skill id")]
    [InlineData("// @skill:id com.example.Tool\n// @skill:name \"T\"\n// @skill:version 1.0.0\n\n", 1, "is not a skill id")]
    [InlineData("// @skill:id com.-example.tool\n// @skill:name \"T\"\n// @skill:version 1.0.0\n\n", 1, "is not a skill id")]
    [InlineData("// @skill:id com.example.tool\n// @skill:name Tool\n// @skill:version 1.0.0\n\n", 2, "double quotes")]
    [InlineData("// @skill:id com.example.tool\n// @skill:name \"Tool\"\n// @skill:version 1.0\n\n", 3, "is not a version")]
    [InlineData("// @skill:id com.example.tool\n// @skill:id com.example.tool\n// @skill:name \"T\"\n// @skill:version 1.0.0\n\n", 2, "is there already, on line 1")]
    [InlineData("// @skill:id com.example.tool\n// @skill:name \"T\"\n// @skill:version 1.0.0\n// @skill:require disk /data\n\n", 4, "is not a capability")]
    [InlineData("// @skill:id com.example.tool\n// @skill:name \"T\"\n// @skill:version 1.0.0\n// @skill:require fs\n\n", 4, "needs a pattern")]
    public void Read_WrongHeader_SaysWhereAndWhatToDo(string header, int line, string message) => AssertError(header + Ping, line, message);

    [Theory]
    [InlineData("// @skill:method ping\nexport function f(): void {}", 1, "needs a description")]
    [InlineData("// @skill:method pi-ng \"x\"\nexport function f(): void {}", 1, "is not a method name")]
    [InlineData("// @skill:param a \"x\"\nexport function f(a: string): void {}", 1, "without @skill:method")]
    [InlineData("// @skill:method a \"x\"\n// @skill:method b \"x\"\nexport function f(): void {}", 2, "a function is one method")]
    [InlineData("// @skill:method a \"x\"\nexport function f(): void {}\n// @skill:method a \"x\"\nexport function g(): void {}", 4, "is there already, on line")]
    [InlineData("// @skill:method a \"x\"\n\nexport function f(): void {}", 1, "is separated from its function")]
    [InlineData("// @skill:method a \"x\"\nfunction f(): void {}", 1, "is separated from its function")]
    [InlineData("// @skill:method a \"x\"", 1, "is separated from its function")]
    [InlineData("// @skill:method a \"x\"\nexport function f(b: string): void {}", 1, "takes 1 parameters")]
    [InlineData("// @skill:method a \"x\"\n// @skill:param b \"x\"\n// @skill:param c \"x\"\nexport function f(b: string): void {}", 3, "takes 1 parameters")]
    [InlineData("// @skill:method a \"x\"\n// @skill:param b \"x\"\nexport function f(b: Map<string, string>): void {}", 3, "has the type 'Map<string, string>'")]
    [InlineData("// @skill:method a \"x\"\nexport function f(): Date {}", 2, "returns 'Date'")]
    [InlineData("// @skill:method a \"x\"\n// @skill:param b x\nexport function f(b: string): void {}", 2, "needs a description in double quotes")]
    [InlineData("// @skill:method a \"x\"\n// @skill:param b \"x\" standard:1\nexport function f(b: string): void {}", 2, "cannot read 'standard:1'")]
    [InlineData("// @skill:method a \"x\"\n// @skill:param b \"x\" default:one\nexport function f(b: i64): void {}", 2, "the default 'one'")]
    [InlineData("// @skill:method a \"x\"\n// @skill:param b \"x\"\n// @skill:param b \"x\"\nexport function f(b: i64, c: i64): void {}", 3, "is there twice")]
    [InlineData("const x = 1;", 1, "there is no method")]
    public void Read_WrongMethod_SaysWhereAndWhatToDo(string body, int line, string message) => AssertError(Header + body, body[0] == 'c' ? 1 : line + 3, message);

    [Fact]
    public void Read_MethodNameTooLong_IsRefused() =>
        AssertError($"{Header}// @skill:method {new string('a', 65)} \"x\"\nexport function f(): void {{}}", 4, "at most 64");

    [Theory]
    [InlineData("methods", "did you mean @skill:method?")]
    [InlineData("metod", "did you mean @skill:method?")]
    [InlineData("internl", "did you mean @skill:internal?")]
    [InlineData("Param", "did you mean @skill:param?")]
    [InlineData("magic", "known are id, name, version, desc, sdk, require, method, param, result, internal, callback")]
    public void Read_UnknownAnnotation_IsRefusedWithTheNearestName(string tag, string hint) =>
        AssertError($"{Header}// @skill:{tag} ping \"x\"\n{Ping}", 4, $"unknown annotation @skill:{tag}: {hint}");

    [Fact]
    public void Read_IdTooLong_IsRefused() =>
        AssertError(Header.Replace("com.example.tool", $"com.example.{new string('a', 117)}", StringComparison.Ordinal) + Ping, 1, "at most 128 characters");

    [Fact]
    public void Read_MethodThatAnotherFileHas_IsRefusedThere()
    {
        var header = new SourceFile("a.go", Header.TrimEnd() + "\npackage main\n\n// @skill:method ping \"x\"\nfunc Ping() string { return \"\" }\n");
        var again = new SourceFile("b.go", "package main\n\n// @skill:method ping \"x\"\nfunc Pong() string { return \"\" }\n");

        var problem = Assert.Single(AnnotationParser.Read(SkillLanguage.Go, [header, again]).Problems);

        Assert.Equal("b.go:4: method 'ping' is there already, on line 7 of a.go; give it another name", problem.ToString());
    }

    [Fact]
    public void Read_SkillAnnotationBelowAFunction_IsRefused() =>
        AssertError($"{Header}{Ping}\n// @skill:desc \"late\"\n", 6, "before the first exported function");

    [Fact]
    public void Read_GoHeaderApartFromThePackageLine_IsRefused()
    {
        var source = Header.Replace("\n\n", "\n", StringComparison.Ordinal) + "\npackage main\n\n// @skill:method ping \"x\"\nfunc Ping() string { return \"\" }\n";

        var result = AnnotationParser.Read(SkillLanguage.Go, [new SourceFile("skill.go", source)]);

        Assert.Contains(result.Problems, problem => problem is { Line: 1, IsError: true } && problem.Message.Contains("directly above the package line", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_GoFilesOfOnePackage_AreOneSkill()
    {
        var header = new SourceFile("a.go", Header.TrimEnd() + "\npackage main\n");
        var methods = new SourceFile("b.go", "package main\n\n// @skill:method ping \"x\"\nfunc Ping() string { return \"\" }\n");

        Assert.Single(AnnotationParser.Read(SkillLanguage.Go, [header, methods]).Skill!.Methods);
    }

    [Fact]
    public void Read_RustBlocksWithABlankBetween_GiveHeaderAndMethod()
    {
        const string Source = """
            /// @skill:id com.example.tool
            /// @skill:name "Tool"
            /// @skill:version 1.0.0

            /// Says hello.
            /// @skill:method ping "x"
            pub fn ping() -> String { String::new() }
            """;

        Assert.Single(AnnotationParser.Read(SkillLanguage.Rust, [new SourceFile("skill.rs", Source)]).Skill!.Methods);
    }

    private static AuthoringResult Read(string source) => AnnotationParser.Read(SkillLanguage.AssemblyScript, [new SourceFile("skill.ts", source)]);

    private static AuthoredMethod Method(string annotations, string parameters)
    {
        var result = Read($"{Header}// @skill:method m \"x\"\n{annotations}\nexport function f({parameters}): void {{}}\n");
        Assert.Empty(result.Problems);
        return Assert.Single(result.Skill!.Methods);
    }

    private static void AssertError(string source, int line, string message)
    {
        var result = Read(source);

        Assert.Null(result.Skill);
        Assert.Contains(result.Problems, problem => problem.IsError && problem.Line == line && problem.File == "skill.ts"
            && problem.Message.Contains(message, StringComparison.Ordinal));
    }
}
