using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Luminarys.Skills.Authoring;

/// <summary>Joins the annotations above a function with its declaration. Parameters belong together by their position, not by their name.</summary>
internal static partial class MethodReader
{
    private const int MaxName = 64;

    public static AuthoredMethod? Read(IReadOnlyList<Annotation> annotations, AuthoredFunction function, ProblemLog problems)
    {
        if (annotations.FirstOrDefault(annotation => annotation.Tag == "method") is not { } method)
        {
            problems.Error(annotations[0].Line, $"@skill:{annotations[0].Tag} stands above a function without @skill:method; write @skill:method name \"what it does\" above it");
            return null;
        }

        foreach (var second in annotations.Where(annotation => annotation.Tag == "method").Skip(1))
        {
            problems.Error(second.Line, $"a function is one method, and the first one is on line {method.Line}; write a function for each");
        }

        var (name, rest) = Word(method.Rest);
        if (!NameForm().IsMatch(name))
        {
            problems.Error(method.Line, $"'{name}' is not a method name: use letters, digits and underscores, at most {MaxName}");
            return null;
        }

        if (!QuotedText.TryRead(rest, out var description, out var behind) || behind.Length > 0)
        {
            problems.Error(method.Line, $"method '{name}' needs a description in double quotes: @skill:method {name} \"What it does\"");
            return null;
        }

        var isCallback = Has(annotations, "callback", problems);
        var isInternal = Has(annotations, "internal", problems);
        var notes = annotations.Where(annotation => annotation.Tag == "param").ToArray();
        var takesPayload = isCallback && notes.Length == 0
            && function.Parameters is [{ Type.Kind: AuthoredKind.Bytes or AuthoredKind.Object }];
        var parameters = takesPayload ? [] : ReadParameters(notes, function, method, problems);
        return parameters is { } known ? new(name, description, known, isInternal || isCallback, isCallback, function) { TakesPayload = takesPayload } : null;
    }

    private static bool Has(IReadOnlyList<Annotation> annotations, string tag, ProblemLog problems)
    {
        var found = annotations.FirstOrDefault(annotation => annotation.Tag == tag);
        if (found is { Rest.Length: > 0 })
        {
            problems.Warn(found.Line, $"@skill:{tag} takes no arguments");
        }

        return found is not null;
    }

    private static ImmutableArray<AuthoredParameter>? ReadParameters(
        Annotation[] notes, AuthoredFunction function, Annotation method, ProblemLog problems)
    {
        if (notes.Length != function.Parameters.Length)
        {
            var line = notes.Length > function.Parameters.Length ? notes[function.Parameters.Length].Line : method.Line;
            problems.Error(line, $"'{function.Name}' takes {function.Parameters.Length} parameters beside the context and has {notes.Length} @skill:param lines; write one for each, in their order");
            return null;
        }

        var parameters = ImmutableArray.CreateBuilder<AuthoredParameter>();
        foreach (var (note, (_, type)) in notes.Zip(function.Parameters))
        {
            if (ReadParameter(note, type, problems) is not { } parameter)
            {
                return null;
            }

            if (parameters.Any(other => other.Name == parameter.Name))
            {
                problems.Error(note.Line, $"parameter '{parameter.Name}' is there twice; give it another name");
                return null;
            }

            parameters.Add(parameter);
        }

        return parameters.ToImmutable();
    }

    private static AuthoredParameter? ReadParameter(Annotation note, AuthoredType type, ProblemLog problems)
    {
        var (name, rest) = Word(note.Rest);
        if (!NameForm().IsMatch(name))
        {
            problems.Error(note.Line, $"'{name}' is not a parameter name: use letters, digits and underscores, at most {MaxName}");
            return null;
        }

        var (keyword, behind) = Word(rest);
        var isRequired = keyword == "required";
        if (keyword is "required" or "optional")
        {
            rest = behind;
        }

        if (!QuotedText.TryRead(rest, out var description, out var attributes))
        {
            problems.Error(note.Line, $"parameter '{name}' needs a description in double quotes: @skill:param {name} required \"What it is\"");
            return null;
        }

        var values = ParameterAttributes.Read(attributes, note.Line, name, problems);
        if (values is null)
        {
            return null;
        }

        if (isRequired && values.Default is not null)
        {
            problems.Warn(note.Line, $"parameter '{name}' is required: its default is never used");
        }

        return CheckDefault(name, type, values, note, problems)
            ? new(name, description, isRequired, type, values.Default, values.Example, values.Enum)
            : null;
    }

    private static bool CheckDefault(string name, AuthoredType type, ParameterAttributes values, Annotation note, ProblemLog problems)
    {
        var isGood = values.Default is not { } text || type.Kind switch
        {
            AuthoredKind.Integer => long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _),
            AuthoredKind.Number => double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _),
            AuthoredKind.Boolean => text is "true" or "false",
            AuthoredKind.Text => true,
            _ => false,
        };
        if (!isGood)
        {
            problems.Error(note.Line, $"the default '{values.Default}' of parameter '{name}' is not one of its type '{type.Spelling}'; write one that is, or none");
        }

        return isGood;
    }

    private static (string Head, string Tail) Word(string text)
    {
        var blank = text.AsSpan().IndexOfAny(' ', '\t');
        return blank < 0 ? (text, "") : (text[..blank], text[blank..].TrimStart());
    }

    [GeneratedRegex("\\A[A-Za-z0-9_]{1,64}\\z")]
    private static partial Regex NameForm();
}
