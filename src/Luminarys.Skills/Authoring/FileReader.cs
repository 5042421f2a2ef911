using System.Text;

namespace Luminarys.Skills.Authoring;

/// <summary>Goes through one source file and joins annotations with the functions below them.</summary>
internal sealed class FileReader(ISignatureReader signatures, SkillHeader header, ProblemLog problems, bool headerTouchesCode)
{
    private readonly List<Annotation> _pending = [];
    private readonly List<Annotation> _pendingHeader = [];
    private bool _isInHeader = true;

    public List<AuthoredMethod> Read(string text)
    {
        var methods = new List<AuthoredMethod>();
        var lines = CommentScanner.Read(text).ToArray();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Comment is { } comment)
            {
                Take(Annotation.Read(comment, line.Number));
            }
            else if (signatures.BeginsFunction(line.Code))
            {
                if (_pending.Count > 0 && signatures.Read(Declaration(lines, i), line.Number, problems) is { } function
                    && MethodReader.Read(_pending, function, problems) is { } method)
                {
                    methods.Add(method);
                }

                _pending.Clear();
                _isInHeader &= !signatures.EndsHeader(line.Code);
            }
            else
            {
                Pass(line);
            }
        }

        Drop();
        EndHeader(isTouching: !headerTouchesCode);
        return methods;
    }

    private void Take(Annotation? annotation)
    {
        if (annotation is null)
        {
            return;
        }

        if (TagNames.IsOfSkill(annotation.Tag))
        {
            if (_isInHeader)
            {
                _pendingHeader.Add(annotation);
            }
            else
            {
                problems.Error(annotation.Line, headerTouchesCode
                    ? $"@skill:{annotation.Tag} must stand in the comment directly above the package line"
                    : $"@skill:{annotation.Tag} must stand before the first exported function");
            }
        }
        else if (TagNames.IsOfMethod(annotation.Tag))
        {
            _pending.Add(annotation);
        }
        else
        {
            problems.Error(annotation.Line, $"unknown annotation @skill:{annotation.Tag}: {TagNames.Hint(annotation.Tag)}");
        }
    }

    private void Pass(CommentLine line)
    {
        if (line.IsBlank || !signatures.MayStandBetween(line.Code))
        {
            Drop();
        }

        if (!headerTouchesCode)
        {
            return;
        }

        if (signatures.EndsHeader(line.Code))
        {
            EndHeader(isTouching: true);
            _isInHeader = false;
        }
        else
        {
            EndHeader(isTouching: false);
        }
    }

    private void EndHeader(bool isTouching)
    {
        foreach (var annotation in _pendingHeader)
        {
            if (isTouching)
            {
                header.Take(annotation, problems);
            }
            else
            {
                problems.Error(annotation.Line, $"@skill:{annotation.Tag} must stand in the comment directly above the package line");
            }
        }

        _pendingHeader.Clear();
    }

    private void Drop()
    {
        if (_pending.Count > 0)
        {
            problems.Error(_pending[0].Line, $"@skill:{_pending[0].Tag} is separated from its function: put it directly above an exported function");
            _pending.Clear();
        }
    }

    // Up to where the body begins: a brace that stands in no bracket and is not that of Go's interface{}.
    private static string Declaration(CommentLine[] lines, int start)
    {
        var declaration = new StringBuilder();
        var depth = 0;
        for (var i = start; i < lines.Length; i++)
        {
            var code = WithoutComment(lines[i].Code);
            for (var at = 0; at < code.Length; at++)
            {
                depth += code[at] is '(' or '[' ? 1 : code[at] is ')' or ']' ? -1 : 0;
                if (depth == 0 && code[at] == '{' && !code.AsSpan(0, at).EndsWith("interface"))
                {
                    return declaration.Append(code.AsSpan(0, at)).ToString().Trim();
                }
            }

            declaration.Append(code).Append(' ');
        }

        return declaration.ToString().Trim();
    }

    private static string WithoutComment(string code)
    {
        var comment = code.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 ? code : code[..comment].TrimEnd();
    }
}
