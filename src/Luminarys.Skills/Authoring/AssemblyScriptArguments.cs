using System.Globalization;

namespace Luminarys.Skills.Authoring;

/// <summary>Writes how <c>lib.ts</c> reads arguments: leniently, as hosts send them, and with an error for what cannot be meant.</summary>
internal static class AssemblyScriptArguments
{
    /// <summary>Encodes any value.</summary>
    public const string WriteValue = """
        function write(out: Encoder, v: MsgValue): void {
          if (v.kind == 1) out.encode_bool(v.b);
          else if (v.kind == 2) out.encode_i64(v.i);
          else if (v.kind == 3) out.encode_f64(v.f);
          else if (v.kind == 4) out.encode_str(v.s);
          else if (v.kind == 5) out.encode_bin(v.bin);
          else if (v.kind == 6) {
            out.encode_array_header(v.arr.length);
            for (let i = 0; i < v.arr.length; i++) write(out, v.arr[i]);
          } else if (v.kind == 7) {
            out.encode_map_header(v.keys.length);
            for (let i = 0; i < v.keys.length; i++) {
              out.encode_str(v.keys[i]);
              write(out, v.vals[i]);
            }
          } else out.encode_nil();
        }
        """;

    private const string Text = """
        function asText(v: MsgValue): string {
          if (v.kind == 4) return v.s;
          if (v.kind == 5) return String.UTF8.decode(v.bin.buffer);
          if (v.kind == 1) return v.b ? "true" : "false";
          if (v.kind == 2) return v.i.toString();
          if (v.kind == 3) return v.f.toString();
          bad = true;
          return "";
        }
        """;

    private const string Integer = """
        function asInt(v: MsgValue): i64 {
          if (v.kind == 2) return v.i;
          if (v.kind == 3) return <i64>v.f;
          if (v.kind == 1) return v.b ? 1 : 0;
          if (v.kind == 4 && isNumber(v.s)) return <i64>parseFloat(v.s);
          bad = true;
          return 0;
        }
        """;

    private const string Number = """
        function asFloat(v: MsgValue): f64 {
          if (v.kind == 3) return v.f;
          if (v.kind == 2) return <f64>v.i;
          if (v.kind == 4 && isNumber(v.s)) return parseFloat(v.s);
          bad = true;
          return 0;
        }
        """;

    private const string NumberText = """
        function isNumber(text: string): bool {
          return text.trim().length > 0 && !isNaN(parseFloat(text));
        }
        """;

    private const string Boolean = """
        function asBool(v: MsgValue): bool {
          if (v.kind == 1) return v.b;
          if (v.kind == 2) return v.i != 0;
          if (v.kind == 4) return v.s == "true" || v.s == "1";
          bad = true;
          return false;
        }
        """;

    private const string Bytes = """
        function asBytes(v: MsgValue): Uint8Array {
          if (v.kind == 5) return v.bin;
          if (v.kind == 4) return Uint8Array.wrap(String.UTF8.encode(v.s));
          if (v.kind != 6) bad = true;
          const bytes = new Uint8Array(v.arr.length);
          for (let i = 0; i < bytes.length; i++) bytes[i] = <u8>v.arr[i].i;
          return bytes;
        }
        """;

    private const string TextList = """
        function asTexts(v: MsgValue): string[] {
          if (v.kind != 6) bad = true;
          const list: string[] = [];
          for (let i = 0; i < v.arr.length; i++) list.push(asText(v.arr[i]));
          return list;
        }
        """;

    private const string IntegerList = """
        function asInts(v: MsgValue): i64[] {
          if (v.kind != 6) bad = true;
          const list: i64[] = [];
          for (let i = 0; i < v.arr.length; i++) list.push(asInt(v.arr[i]));
          return list;
        }
        """;

    /// <summary>Writes the functions that these parameters need.</summary>
    public static void Write(SourceWriter code, AuthoredParameter[] parameters)
    {
        if (parameters.Length == 0)
        {
            return;
        }

        var kinds = parameters.Select(parameter => parameter.Type.Kind).ToHashSet();
        code.Line("// Set by a reader that met a value it cannot convert.").Line("let bad: bool = false;").Line();
        WriteIf(code, kinds.Overlaps([AuthoredKind.Text, AuthoredKind.TextList]), Text);
        WriteIf(code, kinds.Overlaps([AuthoredKind.Integer, AuthoredKind.IntegerList]), Integer);
        WriteIf(code, kinds.Contains(AuthoredKind.Number), Number);
        WriteIf(code, kinds.Overlaps([AuthoredKind.Integer, AuthoredKind.IntegerList, AuthoredKind.Number]), NumberText);
        WriteIf(code, kinds.Contains(AuthoredKind.Boolean), Boolean);
        WriteIf(code, kinds.Contains(AuthoredKind.Bytes), Bytes);
        WriteIf(code, kinds.Contains(AuthoredKind.TextList), TextList);
        WriteIf(code, kinds.Contains(AuthoredKind.IntegerList), IntegerList);
    }

    /// <summary>Writes how one parameter is read; answers the expression to pass on.</summary>
    public static string WriteRead(SourceWriter code, AuthoredParameter parameter, int index)
    {
        var value = $"p{index}";
        code.Line($"const {value} = args.getField({AssemblyScriptEmitter.Quote(parameter.Name)});");
        if (parameter.IsRequired)
        {
            code.Line($"if ({value}.kind == 0) return errorResponse({AssemblyScriptEmitter.Quote($"missing required parameter: {parameter.Name}")});");
        }

        if (parameter.Type.Kind == AuthoredKind.Object)
        {
            return value;
        }

        var read = $"{Reader(parameter.Type.Kind)}({value})";
        code.Line("bad = false;");
        code.Line(parameter.IsRequired
            ? $"const a{index} = {read};"
            : $"const a{index} = {value}.kind == 0 ? {Default(parameter)} : {read};");
        var expected = $"invalid parameter {parameter.Name}: expected {SkillEmitter.TypeName(parameter.Type.Kind)}";
        code.Line($"if (bad) return errorResponse({AssemblyScriptEmitter.Quote(expected)});");
        return parameter.Type.Kind is AuthoredKind.Integer or AuthoredKind.Number ? $"<{parameter.Type.Spelling}>a{index}" : $"a{index}";
    }

    private static void WriteIf(SourceWriter code, bool isNeeded, string function)
    {
        if (isNeeded)
        {
            code.Block(function).Line();
        }
    }

    private static string Reader(AuthoredKind kind) => kind switch
    {
        AuthoredKind.Integer => "asInt",
        AuthoredKind.Number => "asFloat",
        AuthoredKind.Boolean => "asBool",
        AuthoredKind.Bytes => "asBytes",
        AuthoredKind.TextList => "asTexts",
        AuthoredKind.IntegerList => "asInts",
        _ => "asText",
    };

    private static string Default(AuthoredParameter parameter) => parameter.Type.Kind switch
    {
        AuthoredKind.Integer => $"<i64>{parameter.Default ?? "0"}",
        AuthoredKind.Number => $"<f64>{parameter.Default ?? "0"}",
        AuthoredKind.Boolean => parameter.Default ?? "false",
        AuthoredKind.Bytes => "new Uint8Array(0)",
        AuthoredKind.TextList => "new Array<string>()",
        AuthoredKind.IntegerList => "new Array<i64>()",
        _ => AssemblyScriptEmitter.Quote(parameter.Default ?? ""),
    };
}
