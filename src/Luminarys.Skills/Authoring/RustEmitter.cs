using System.Text;

namespace Luminarys.Skills.Authoring;

/// <summary>
/// Writes <c>lib.rs</c>. The SDK keeps its methods in thread-locals that are empty at start, and has no hook of its own: each export registers them
/// first, once.
/// </summary>
internal static class RustEmitter
{
    private static readonly CompositeFormat s_escape = CompositeFormat.Parse("\\u{{{0:x}}}");

    private const string Exports = """
        thread_local! {
            static READY: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
        }

        #[no_mangle]
        pub extern "C" fn skill_alloc(size: u32) -> u32 {
            ensure_registered();
            skill_alloc_impl(size)
        }

        #[no_mangle]
        pub extern "C" fn skill_free(ptr: u32) {
            skill_free_impl(ptr)
        }

        #[no_mangle]
        pub extern "C" fn skill_handle(ptr: u32, len: u32) -> u64 {
            ensure_registered();
            skill_handle_impl(ptr, len)
        }

        #[no_mangle]
        pub extern "C" fn skill_describe() -> u64 {
            ensure_registered();
            skill_describe_impl()
        }
        """;

    public static string Emit(AuthoredSkill skill)
    {
        var code = new SourceWriter("    ").Line(SkillEmitter.Marker).Line("#![allow(unused_doc_comments, dead_code)]").Line();
        code.Line("mod skill;").Line().Line("use luminarys_sdk::prelude::*;").Line();
        code.Block(Exports).Line();
        WriteRegistration(code, skill);
        WriteRoute(code, skill);
        RustArguments.Write(code, skill);
        return code.ToString().TrimEnd('\n') + "\n";
    }

    private static void WriteRegistration(SourceWriter code, AuthoredSkill skill)
    {
        code.Line("fn ensure_registered() {").In();
        code.Line("if READY.with(|ready| ready.replace(true)) {").In().Line("return;").Out().Line("}");
        code.Line($"set_skill_identity({Quote(skill.Id)}, {Quote(skill.Name)}, {Quote(skill.Version)}, {Quote(skill.Description)});");
        if (skill.Requirements.Length > 0)
        {
            code.Line("register_requirements(vec![").In();
            foreach (var need in skill.Requirements)
            {
                code.Line($"RequirementInfo {{ kind: {Quote(need.Kind)}.into(), pattern: {Quote(need.Pattern)}.into(), mode: {Quote(need.Mode)}.into() }},");
            }

            code.Out().Line("]);");
        }

        code.Line("register(Some(route), vec![").In();
        foreach (var method in skill.Methods)
        {
            string[] calls =
            [
                .. method.Parameters.Select(parameter => $".param({Quote(parameter.Name)}, {TypeOf(parameter)})"),
                .. method.IsCallback ? new[] { ".callback()" } : method.IsInternal ? [".set_internal()"] : [],
            ];
            code.Line($"method({Quote(method.Name)}, {Quote(method.Description)}){(calls.Length == 0 ? "," : "")}").In();
            for (var i = 0; i < calls.Length; i++)
            {
                code.Line(calls[i] + (i == calls.Length - 1 ? "," : ""));
            }

            code.Out();
        }

        code.Out().Line("]);").Out().Line("}").Line();
    }

    private static string TypeOf(AuthoredParameter parameter) =>
        parameter.Type.Kind switch
        {
            AuthoredKind.Integer => "type_int()",
            AuthoredKind.Number => "type_number()",
            AuthoredKind.Boolean => "type_bool()",
            AuthoredKind.TextList => "type_array(type_string())",
            AuthoredKind.IntegerList => "type_array(type_int())",
            _ => "type_string()",
        }
        + (parameter.IsRequired ? ".required()" : "")
        + (parameter.Description.Length > 0 ? $".desc({Quote(parameter.Description)})" : "");

    private static void WriteRoute(SourceWriter code, AuthoredSkill skill)
    {
        code.Line("fn route(req: InvokeRequest) -> InvokeResponse {").In();
        code.Line("let mut res = InvokeResponse::default();");
        code.Line("let outcome: Result<Vec<u8>, String> = match req.method.as_str() {").In();
        foreach (var (method, index) in skill.Methods.Select((method, index) => (method, index)))
        {
            code.Line($"{Quote(method.Name)} => call_{index}(&req, &mut res),");
        }

        code.Line("other => Err(format!(\"unknown method: {other}\")),").Out().Line("};");
        code.Line("match outcome {").In().Line("Ok(payload) => res.payload = payload,").Line("Err(error) => res.error = error,").Out().Line("}");
        code.Line("res").Out().Line("}").Line();
        foreach (var (method, index) in skill.Methods.Select((method, index) => (method, index)))
        {
            WriteCall(code, method, index);
        }
    }

    private static void WriteCall(SourceWriter code, AuthoredMethod method, int index)
    {
        code.Line($"fn call_{index}(req: &InvokeRequest, res: &mut InvokeResponse) -> Result<Vec<u8>, String> {{").In();
        if (!method.Parameters.IsEmpty)
        {
            code.Line($"let args: Args{index} = decode(&req.payload)?;");
        }

        var arguments = new List<string>();
        if (method.Function.TakesContext)
        {
            code.Line("let mut ctx = Context::new(req, res);");
            arguments.Add("&mut ctx");
        }
        else
        {
            code.Line("let _ = res;");
        }

        if (method.TakesPayload)
        {
            arguments.Add("req.payload.clone()");
        }

        for (var i = 0; i < method.Parameters.Length; i++)
        {
            code.Line($"let a{i} = {RustArguments.Take(method.Parameters[i], i)};");
            arguments.Add($"a{i}");
        }

        var call = $"skill::{method.Function.Name}({string.Join(", ", arguments)})" + (method.Function.CanFail ? ".map_err(|error| error.0)?" : "");
        if (method.Function.Result.Kind == AuthoredKind.Nothing)
        {
            code.Line($"{call};").Line("Ok(Vec::new())");
        }
        else
        {
            code.Line($"let value = {call};").Line(method.Function.Result.Kind == AuthoredKind.Bytes ? "pack(&Bytes(value))" : "pack(&value)");
        }

        code.Out().Line("}").Line();
    }

    internal static string Quote(string text) => SourceLiteral.Quote(text, s_escape);
}
