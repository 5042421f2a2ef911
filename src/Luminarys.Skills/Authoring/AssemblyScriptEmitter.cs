using System.Globalization;
using System.Text;

namespace Luminarys.Skills.Authoring;

/// <summary>Writes <c>lib.ts</c>. The language has no closures, so that dispatch is a row of comparisons.</summary>
internal static class AssemblyScriptEmitter
{
    private static readonly CompositeFormat s_escape = CompositeFormat.Parse("\\u{0:x4}");

    public static string Emit(AuthoredSkill skill)
    {
        var code = new SourceWriter("  ").Line(SkillEmitter.Marker).Line();
        var parameters = skill.Methods.SelectMany(method => method.Parameters).ToArray();
        WriteImports(code, skill, parameters);
        AssemblyScriptArguments.Write(code, parameters);
        WriteRoute(code, skill);
        WriteRegistration(code, skill);
        return code.ToString();
    }

    private static void WriteImports(SourceWriter code, AuthoredSkill skill, AuthoredParameter[] parameters)
    {
        string[] names =
        [
            "Context", "Decoder", "Encoder", "InvokeRequest", "InvokeResponse", "MethodDesc",
            .. parameters.Length > 0 ? new[] { "MethodParam" } : [],
            "MsgValue",
            .. skill.Requirements.Length > 0 ? new[] { "RequirementDesc", "registerRequirements" } : [],
            "errorResponse", "register", "setSkillIdentity",
        ];
        var package = Quote(skill.SdkPackage);
        code.Line("import {").In().Line(string.Join(", ", names.Order(StringComparer.Ordinal)) + ",").Out().Line($"}} from {package};");
        code.Line("import * as skill from \"./skill\";").Line();
        code.Line($"export {{ skill_alloc, skill_free, skill_handle, skill_describe }} from {package};").Line();
    }

    private static void WriteRoute(SourceWriter code, AuthoredSkill skill)
    {
        code.Line("function route(req: InvokeRequest): InvokeResponse {").In();
        code.Line("const res = new InvokeResponse();").Line("const ctx = new Context(req, res);");
        code.Line("const args = req.payload.length > 0 ? new Decoder(req.payload).decode() : new MsgValue();");
        code.Line("if (args.kind != 0 && args.kind != 7) return errorResponse(\"invalid arguments: expected a map\");");
        code.Line("const out = new Encoder();").Line();
        var word = "if";
        foreach (var method in skill.Methods)
        {
            code.Line($"{word} (req.method == {Quote(method.Name)}) {{").In();
            WriteCall(code, method);
            code.Out();
            word = "} else if";
        }

        code.Line("} else {").In().Line("return errorResponse(\"unknown method: \" + req.method);").Out().Line("}").Line();
        code.Line("res.payload = out.finish();").Line("return res;").Out().Line("}").Line();
    }

    private static void WriteCall(SourceWriter code, AuthoredMethod method)
    {
        var arguments = new List<string>();
        if (method.Function.TakesContext)
        {
            arguments.Add("ctx");
        }

        if (method.TakesPayload)
        {
            arguments.Add(method.Function.Parameters[0].Type.Kind == AuthoredKind.Bytes ? "req.payload" : "args");
        }

        for (var i = 0; i < method.Parameters.Length; i++)
        {
            arguments.Add(AssemblyScriptArguments.WriteRead(code, method.Parameters[i], i));
        }

        var call = $"skill.{method.Function.Name}({string.Join(", ", arguments)})";
        switch (method.Function.Result.Kind)
        {
            case AuthoredKind.Nothing:
                code.Line($"{call};").Line("return res;");
                break;
            case AuthoredKind.Text:
                code.Line($"out.encode_str({call});");
                break;
            case AuthoredKind.Integer:
                code.Line($"out.encode_i64(<i64>{call});");
                break;
            case AuthoredKind.Number:
                code.Line($"out.encode_f64(<f64>{call});");
                break;
            case AuthoredKind.Boolean:
                code.Line($"out.encode_bool({call});");
                break;
            case AuthoredKind.Bytes:
                code.Line($"out.encode_bin({call});");
                break;
            case AuthoredKind.Object:
                code.Line($"write(out, {call});");
                break;
            default:
                var item = method.Function.Result.Kind == AuthoredKind.TextList ? "str" : "i64";
                code.Line($"const list = {call};").Line("out.encode_array_header(list.length);");
                code.Line($"for (let i = 0; i < list.length; i++) out.encode_{item}(list[i]);");
                break;
        }
    }

    private static void WriteRegistration(SourceWriter code, AuthoredSkill skill)
    {
        if (skill.Methods.Any(method => method.Function.Result.Kind == AuthoredKind.Object))
        {
            code.Block(AssemblyScriptArguments.WriteValue).Line();
        }

        foreach (var (method, index) in skill.Methods.Select((method, index) => (method, index)).Where(pair => pair.method.IsInternal))
        {
            code.Line($"const m{index} = {Describe(method)};").Line($"m{index}.mcp_hidden = true;");
            if (method.IsCallback)
            {
                code.Line($"m{index}.private_callback = true;");
            }

            code.Line();
        }

        code.Line($"setSkillIdentity({Quote(skill.Id)}, {Quote(skill.Name)}, {Quote(skill.Version)}, {Quote(skill.Description)});").Line();
        if (skill.Requirements.Length > 0)
        {
            code.Line("registerRequirements([").In();
            foreach (var need in skill.Requirements)
            {
                code.Line($"new RequirementDesc({Quote(need.Kind)}, {Quote(need.Pattern)}, {Quote(need.Mode)}),");
            }

            code.Out().Line("]);").Line();
        }

        code.Line("register(route, [").In();
        for (var i = 0; i < skill.Methods.Length; i++)
        {
            code.Line(skill.Methods[i].IsInternal ? $"m{i}," : $"{Describe(skill.Methods[i])},");
        }

        code.Out().Line("]);");
    }

    private static string Describe(AuthoredMethod method)
    {
        var parameters = method.Parameters.Select(parameter =>
            $"new MethodParam({Quote(parameter.Name)}, {Quote(SkillEmitter.TypeName(parameter.Type.Kind))}, {Quote(parameter.Description)}, "
            + $"{parameter.IsRequired.ToString(CultureInfo.InvariantCulture).ToLowerInvariant()})");
        return $"new MethodDesc({Quote(method.Name)}, {Quote(method.Description)}, [{string.Join(", ", parameters)}])";
    }

    internal static string Quote(string text) => SourceLiteral.Quote(text, s_escape);
}
