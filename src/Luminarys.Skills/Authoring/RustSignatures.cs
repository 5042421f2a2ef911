using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary><c>pub fn name(ctx: &amp;mut Context, text: String) -> Result&lt;String, SkillError></c>.</summary>
internal sealed class RustSignatures : ISignatureReader
{
    private const string Keyword = "pub fn ";

    public bool BeginsFunction(string code) => code.StartsWith(Keyword, StringComparison.Ordinal);

    public bool MayStandBetween(string code) => code.StartsWith("#[", StringComparison.Ordinal);

    public bool EndsHeader(string code) => BeginsFunction(code);

    public AuthoredFunction? Read(string declaration, int line, ProblemLog problems)
    {
        var open = declaration.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? "" : declaration[Keyword.Length..open].Split('<')[0].Trim();
        var list = "";
        var behind = open < 0 ? -1 : SignatureText.ReadBrackets(declaration, open, out list);
        if (behind < 0 || name.Length == 0)
        {
            problems.Error(line, "cannot read this function: write pub fn name(ctx: &mut Context, text: String) -> Result<String, SkillError>");
            return null;
        }

        var parameters = ImmutableArray.CreateBuilder<(string, AuthoredType)>();
        var takesContext = false;
        foreach (var (part, index) in SignatureText.Split(list).Select((part, index) => (part, index)))
        {
            var colon = part.IndexOf(": ", StringComparison.Ordinal);
            var parameter = (colon < 0 ? part : part[..colon]).Trim();
            var type = colon < 0 ? "" : part[(colon + 1)..].Trim();
            if (index == 0 && IsContext(type))
            {
                takesContext = true;
            }
            else if (TypeOf(type) is { Kind: not (AuthoredKind.Nothing or AuthoredKind.Object) } known)
            {
                parameters.Add((WithoutRaw(parameter), known));
            }
            else
            {
                problems.Error(line, $"parameter '{parameter}' of '{name}' has the type '{type}': use String, bool, an integer or float type, Vec<u8>, Vec<String>, Vec<i64>, or an Option of one");
                return null;
            }
        }

        var (result, canFail) = ResultOf(declaration[behind..]);
        return new(name, line, takesContext, parameters.ToImmutable(), result, canFail);
    }

    // Anything that serde can write may be returned.
    private static (AuthoredType Result, bool CanFail) ResultOf(string behind)
    {
        var arrow = behind.IndexOf("->", StringComparison.Ordinal);
        var text = arrow < 0 ? "()" : behind[(arrow + 2)..].Trim().TrimEnd('{').Trim();
        var open = text.IndexOf('<', StringComparison.Ordinal);
        var canFail = open > 0 && text[..open].Split("::")[^1] == "Result";
        if (canFail)
        {
            SignatureText.ReadBrackets(text, open, out var inside);
            text = SignatureText.Split(inside).FirstOrDefault() ?? "()";
        }

        return (TypeOf(text) ?? new(AuthoredKind.Object, text), canFail);
    }

    private static bool IsContext(string type) =>
        type.StartsWith('&') && type.Split(' ')[^1].TrimStart('&').Split("::")[^1].Split('<')[0] == "Context";

    private static string WithoutRaw(string name) => name.StartsWith("r#", StringComparison.Ordinal) ? name[2..] : name;

    private static AuthoredType? TypeOf(string type)
    {
        if (type.StartsWith("Option<", StringComparison.Ordinal) && type.EndsWith('>'))
        {
            return TypeOf(type["Option<".Length..^1].Trim()) is { } inner ? inner with { IsOptional = true } : null;
        }

        AuthoredKind? kind = type switch
        {
            "()" => AuthoredKind.Nothing,
            "String" => AuthoredKind.Text,
            "i64" or "i32" or "i16" or "i8" or "u64" or "u32" or "u16" or "u8" or "usize" or "isize" => AuthoredKind.Integer,
            "f64" or "f32" => AuthoredKind.Number,
            "bool" => AuthoredKind.Boolean,
            "Vec<u8>" => AuthoredKind.Bytes,
            "Vec<String>" => AuthoredKind.TextList,
            "Vec<i64>" => AuthoredKind.IntegerList,
            _ => null,
        };
        return kind is { } known ? new(known, type) : null;
    }
}
