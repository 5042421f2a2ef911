using System.Globalization;
using System.Text;

namespace Luminarys.Skills.Authoring;

/// <summary>
/// Writes <c>main.go</c>. Every name begins with <c>lm</c>: skills define names of their own in the same package. Blocks that the host asks for are kept
/// in a map, because the collector sees no other reference to them.
/// </summary>
internal static class GoEmitter
{
    private static readonly CompositeFormat s_escape = CompositeFormat.Parse("\\u{0:x4}");

    private const string Exports = """
        var lmPinned = map[uint32][]byte{}

        //go:wasmexport skill_alloc
        func lmAlloc(size uint32) uint32 {
        	if size == 0 {
        		size = 1
        	}
        	block := make([]byte, size)
        	pointer := uint32(uintptr(unsafe.Pointer(&block[0])))
        	lmPinned[pointer] = block
        	return pointer
        }

        //go:wasmexport skill_free
        func lmFree(pointer uint32) {
        	delete(lmPinned, pointer)
        	sdk.ShrinkResultBuf(pointer)
        }

        //go:wasmexport skill_handle
        func lmHandle(pointer, length uint32) uint64 {
        	raw := unsafe.Slice((*byte)(unsafe.Pointer(uintptr(pointer))), length)
        	var req sdk.InvokeRequest
        	if err := msgpack.Unmarshal(raw, &req); err != nil {
        		return sdk.WriteResult(sdk.MarshalErrorResponse("bad request: " + err.Error()))
        	}
        	res := lmCall(req)
        	res.Version = sdk.Version
        	answer, err := msgpack.Marshal(&res)
        	if err != nil {
        		answer = sdk.MarshalErrorResponse(err.Error())
        	}
        	return sdk.WriteResult(answer)
        }

        //go:wasmexport skill_describe
        func lmDescribe() uint64 {
        	answer, err := msgpack.Marshal(sdk.GetDescriptor())
        	if err != nil {
        		return sdk.WriteResult(sdk.MarshalErrorResponse(err.Error()))
        	}
        	return sdk.WriteResult(answer)
        }

        func lmCall(req sdk.InvokeRequest) (res sdk.InvokeResponse) {
        	defer func() {
        		if cause := recover(); cause != nil {
        			res = sdk.InvokeResponse{Error: fmt.Sprintf("panic: %v", cause)}
        		}
        	}()
        	return sdk.CallHandler(req)
        }
        """;

    private const string Finish = """
        func lmFinish(res *sdk.InvokeResponse, value interface{}, err error) {
        	if err == nil && value != nil {
        		res.Payload, err = msgpack.Marshal(value)
        	}
        	if err != nil {
        		res.Payload = nil
        		res.Error = err.Error()
        	}
        }
        """;

    public static string Emit(AuthoredSkill skill)
    {
        var code = new SourceWriter("\t").Line(SkillEmitter.Marker).Line().Line("package main").Line();
        var parameters = skill.Methods.SelectMany(method => method.Parameters).ToArray();
        var kinds = parameters.Select(parameter => parameter.Type.Kind).ToHashSet();
        code.Line("import (").In();
        code.Line("\"fmt\"");
        if (kinds.Overlaps([AuthoredKind.Text, AuthoredKind.TextList, AuthoredKind.Integer, AuthoredKind.IntegerList, AuthoredKind.Number]))
        {
            code.Line("\"strconv\"");
        }

        code.Line("\"unsafe\"").Line().Line("sdk \"github.com/LuminarysAI/sdk-go\"").Line("\"github.com/vmihailenco/msgpack/v5\"").Out().Line(")").Line();
        code.Block(Exports).Line();
        WriteInit(code, skill);
        WriteDispatch(code, skill);
        code.Block(Finish).Line();
        GoArguments.Write(code, kinds);
        code.Line("func main() {}");
        return code.ToString();
    }

    private static void WriteInit(SourceWriter code, AuthoredSkill skill)
    {
        code.Line("func init() {").In();
        code.Line($"sdk.SetSkillIdentity({Quote(skill.Id)}, {Quote(skill.Name)}, {Quote(skill.Version)}, {Quote(skill.Description)})");
        if (skill.Requirements.Length > 0)
        {
            code.Line("sdk.RegisterRequirements(").In();
            foreach (var need in skill.Requirements)
            {
                code.Line($"sdk.RequirementInfo{{Kind: {Quote(need.Kind)}, Pattern: {Quote(need.Pattern)}, Mode: {Quote(need.Mode)}}},");
            }

            code.Out().Line(")");
        }

        code.Line("sdk.Register(lmDispatch,").In();
        foreach (var method in skill.Methods)
        {
            var text = new StringBuilder($"sdk.Method({Quote(method.Name)}, {Quote(method.Description)})");
            foreach (var parameter in method.Parameters)
            {
                text.Append(CultureInfo.InvariantCulture, $".\n{new string('\t', 3)}Param({Quote(parameter.Name)}, {TypeOf(parameter)})");
            }

            text.Append(method.IsCallback ? ".Callback()" : method.IsInternal ? ".SetInternal()" : "");
            code.Line($"{text},");
        }

        code.Out().Line(")").Out().Line("}").Line();
    }

    private static string TypeOf(AuthoredParameter parameter)
    {
        var type = parameter.Type.Kind switch
        {
            AuthoredKind.Integer => "sdk.TypeInt()",
            AuthoredKind.Number => "sdk.TypeNumber()",
            AuthoredKind.Boolean => "sdk.TypeBool()",
            AuthoredKind.Object => "sdk.TypeObject()",
            AuthoredKind.TextList => "sdk.TypeArray(sdk.TypeString())",
            AuthoredKind.IntegerList => "sdk.TypeArray(sdk.TypeInt())",
            _ => "sdk.TypeString()",
        };
        return type
            + (parameter.IsRequired ? ".Required()" : "")
            + (parameter.Description.Length > 0 ? $".Desc({Quote(parameter.Description)})" : "")
            + (parameter.Default is { } standard ? $".Default({Literal(parameter.Type.Kind, standard)})" : "")
            + (parameter.Example is { } example ? $".Example({Quote(example)})" : "");
    }

    private static void WriteDispatch(SourceWriter code, AuthoredSkill skill)
    {
        code.Line("func lmDispatch(req sdk.InvokeRequest) sdk.InvokeResponse {").In();
        code.Line("var res sdk.InvokeResponse").Line("ctx := sdk.NewContext(&req, &res)").Line("_ = ctx");
        code.Line("args := map[string]interface{}{}");
        code.Line("if len(req.Payload) > 0 {").In();
        code.Line("if err := msgpack.Unmarshal(req.Payload, &args); err != nil {").In();
        code.Line("return sdk.InvokeResponse{Error: \"invalid arguments: \" + err.Error()}").Out().Line("}").Out().Line("}");
        code.Line("switch req.Method {");
        foreach (var method in skill.Methods)
        {
            code.Line($"case {Quote(method.Name)}:").In();
            WriteCall(code, method);
            code.Out();
        }

        code.Line("default:").In().Line("res.Error = \"unknown method: \" + req.Method").Out().Line("}").Line("return res").Out().Line("}").Line();
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
            arguments.Add(method.Function.Parameters[0].Type.Kind == AuthoredKind.Bytes ? "req.Payload" : "args");
        }

        for (var i = 0; i < method.Parameters.Length; i++)
        {
            var parameter = method.Parameters[i];
            var isPlain = parameter.Type.Spelling is "string" or "int64" or "float64" or "bool" or "[]byte" or "[]string" or "[]int64" || parameter.Type.Kind == AuthoredKind.Object;
            code.Line($"a{i}, err{i} := {GoArguments.Reader(parameter.Type.Kind)}(args, {Quote(parameter.Name)}, {(parameter.IsRequired ? "true" : "false")}, {Default(parameter)})");
            code.Line($"if err{i} != nil {{").In().Line($"return sdk.InvokeResponse{{Error: err{i}.Error()}}").Out().Line("}");
            arguments.Add(isPlain ? $"a{i}" : $"{parameter.Type.Spelling}(a{i})");
        }

        var call = $"{method.Function.Name}({string.Join(", ", arguments)})";
        switch (method.Function.Result.Kind, method.Function.CanFail)
        {
            case (AuthoredKind.Nothing, true):
                code.Line($"lmFinish(&res, nil, {call})");
                break;
            case (AuthoredKind.Nothing, false):
                code.Line(call);
                break;
            case (_, true):
                code.Line($"value, failure := {call}").Line("lmFinish(&res, value, failure)");
                break;
            default:
                code.Line($"lmFinish(&res, {call}, nil)");
                break;
        }
    }

    private static string Default(AuthoredParameter parameter) => parameter.Default is { } text
        ? Literal(parameter.Type.Kind, text)
        : parameter.Type.Kind switch
        {
            AuthoredKind.Text => "\"\"",
            AuthoredKind.Integer or AuthoredKind.Number => "0",
            AuthoredKind.Boolean => "false",
            _ => "nil",
        };

    private static string Literal(AuthoredKind kind, string text) => kind == AuthoredKind.Text ? Quote(text) : text;

    internal static string Quote(string text) => SourceLiteral.Quote(text, s_escape);
}
