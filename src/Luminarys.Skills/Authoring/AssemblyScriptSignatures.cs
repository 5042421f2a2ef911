using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary><c>export function name(ctx: Context, text: string): i32</c>.</summary>
internal sealed class AssemblyScriptSignatures : ISignatureReader
{
    private const string Keyword = "export function ";

    public bool BeginsFunction(string code) => code.StartsWith(Keyword, StringComparison.Ordinal);

    public bool MayStandBetween(string code) => code.StartsWith('@');

    public bool EndsHeader(string code) => BeginsFunction(code);

    public AuthoredFunction? Read(string declaration, int line, ProblemLog problems)
    {
        var open = declaration.IndexOf('(', StringComparison.Ordinal);
        var name = declaration[Keyword.Length..Math.Max(open, Keyword.Length)].Trim();
        var behind = open < 0 ? -1 : SignatureText.ReadBrackets(declaration, open, out _);
        if (behind < 0 || name.Length == 0 || name.Contains('<', StringComparison.Ordinal))
        {
            problems.Error(line, "cannot read this function: write export function name(ctx: Context, text: string): string");
            return null;
        }

        SignatureText.ReadBrackets(declaration, open, out var list);
        var parameters = ImmutableArray.CreateBuilder<(string, AuthoredType)>();
        var takesContext = false;
        foreach (var (part, index) in SignatureText.Split(list).Select((part, index) => (part, index)))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var type = colon < 0 ? "" : part[(colon + 1)..].Split('=')[0].Trim();
            var parameter = colon < 0 ? part : part[..colon].Trim().TrimEnd('?');
            if (index == 0 && type == "Context")
            {
                takesContext = true;
            }
            else if (KindOf(type) is { } kind && kind != AuthoredKind.Nothing)
            {
                parameters.Add((parameter, new(kind, type)));
            }
            else
            {
                problems.Error(line, $"parameter '{parameter}' of '{name}' has the type '{type}': use string, bool, an integer or float type, Uint8Array, string[], i64[] or MsgValue");
                return null;
            }
        }

        return Finish(declaration[behind..], name, line, takesContext, parameters.ToImmutable(), problems);
    }

    private static AuthoredFunction? Finish(
        string behind, string name, int line, bool takesContext, ImmutableArray<(string, AuthoredType)> parameters, ProblemLog problems)
    {
        var result = behind.TrimStart().TrimStart(':').Trim().TrimEnd('{').Trim();
        if (KindOf(result.Length == 0 ? "void" : result) is { } kind)
        {
            return new(name, line, takesContext, parameters, new(kind, result), CanFail: false);
        }

        problems.Error(line, $"'{name}' returns '{result}': use string, bool, an integer or float type, Uint8Array, string[], i64[], MsgValue or void");
        return null;
    }

    private static AuthoredKind? KindOf(string type) => type switch
    {
        "void" => AuthoredKind.Nothing,
        "string" => AuthoredKind.Text,
        "i64" or "i32" or "i16" or "i8" or "u64" or "u32" or "u16" or "u8" or "isize" or "usize" => AuthoredKind.Integer,
        "f64" or "f32" => AuthoredKind.Number,
        "bool" => AuthoredKind.Boolean,
        "Uint8Array" => AuthoredKind.Bytes,
        "string[]" or "Array<string>" => AuthoredKind.TextList,
        "i64[]" or "Array<i64>" => AuthoredKind.IntegerList,
        "MsgValue" => AuthoredKind.Object,
        _ => null,
    };
}
