using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary><c>func Name(ctx *sdk.Context, path, pattern string) (string, error)</c>.</summary>
internal sealed class GoSignatures : ISignatureReader
{
    private const string Keyword = "func ";

    public bool BeginsFunction(string code) => code.StartsWith(Keyword, StringComparison.Ordinal);

    public bool MayStandBetween(string code) => false;

    public bool EndsHeader(string code) => code.StartsWith("package ", StringComparison.Ordinal);

    public AuthoredFunction? Read(string declaration, int line, ProblemLog problems)
    {
        var open = declaration.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? "" : declaration[Keyword.Length..open].Trim();
        var list = "";
        var behind = open < 0 ? -1 : SignatureText.ReadBrackets(declaration, open, out list);
        if (behind < 0 || name.Length == 0)
        {
            problems.Error(line, "cannot read this function: write func Name(ctx *sdk.Context, text string) (string, error), without a receiver");
            return null;
        }

        var parameters = ImmutableArray.CreateBuilder<(string, AuthoredType)>();
        var takesContext = false;
        foreach (var (parameter, type) in Ungroup(SignatureText.Split(list)))
        {
            if (parameters.Count == 0 && !takesContext && type.StartsWith('*') && type.EndsWith(".Context", StringComparison.Ordinal))
            {
                takesContext = true;
            }
            else if (KindOf(type) is { } kind)
            {
                parameters.Add((parameter, new(kind, type)));
            }
            else
            {
                problems.Error(line, $"parameter '{parameter}' of '{name}' has the type '{type}': use string, bool, an integer or float type, []byte, []string, []int64 or map[string]any");
                return null;
            }
        }

        return Finish(declaration[behind..], name, line, takesContext, parameters.ToImmutable(), problems);
    }

    private static AuthoredFunction? Finish(
        string behind, string name, int line, bool takesContext, ImmutableArray<(string, AuthoredType)> parameters, ProblemLog problems)
    {
        var text = behind.Trim().TrimEnd('{').Trim();
        var list = text;
        if (text.StartsWith('('))
        {
            SignatureText.ReadBrackets(text, 0, out list);
        }

        var results = SignatureText.Split(list).Select(result => result.Split(' ')[^1]).ToArray();
        var canFail = results.Length > 0 && results[^1] == "error";
        var values = canFail ? results[..^1] : results;
        if (values.Length > 1 || (values.Length == 1 && KindOf(values[0]) is null))
        {
            problems.Error(line, $"'{name}' returns {text}: return one value of string, bool, an integer or float type, []byte, a list or a map, and an error if you like");
            return null;
        }

        var kind = values.Length == 0 ? AuthoredKind.Nothing : KindOf(values[0])!.Value;
        return new(name, line, takesContext, parameters, new(kind, values.FirstOrDefault() ?? ""), canFail);
    }

    // "path, pattern string" gives both names the same type.
    private static IEnumerable<(string Name, string Type)> Ungroup(ImmutableArray<string> parts)
    {
        var waiting = new List<string>();
        foreach (var part in parts)
        {
            var blank = part.IndexOf(' ', StringComparison.Ordinal);
            if (blank < 0)
            {
                waiting.Add(part);
                continue;
            }

            var type = part[(blank + 1)..].Trim();
            foreach (var name in waiting.Append(part[..blank]))
            {
                yield return (name, type);
            }

            waiting.Clear();
        }

        foreach (var name in waiting)
        {
            yield return (name, "");
        }
    }

    private static AuthoredKind? KindOf(string type) => type switch
    {
        "string" => AuthoredKind.Text,
        "int" or "int8" or "int16" or "int32" or "int64" or "uint" or "uint8" or "uint16" or "uint32" or "uint64" => AuthoredKind.Integer,
        "float64" or "float32" => AuthoredKind.Number,
        "bool" => AuthoredKind.Boolean,
        "[]byte" => AuthoredKind.Bytes,
        "[]string" => AuthoredKind.TextList,
        "[]int64" => AuthoredKind.IntegerList,
        "map[string]any" or "map[string]interface{}" => AuthoredKind.Object,
        _ => null,
    };
}
