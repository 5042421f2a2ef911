namespace Luminarys.Manifests.Substitution;

/// <summary>
/// Replaces variables in the raw text of a file, before it is parsed.
/// <list type="table">
/// <item><term><c>${NAME}</c></term><description>the value, or nothing when it is not set</description></item>
/// <item><term><c>${NAME:-text}</c></term><description>the value, or text when it is not set or empty</description></item>
/// <item><term><c>${NAME-text}</c></term><description>the value, or text when it is not set</description></item>
/// <item><term><c>${NAME:?message}</c></term><description>the value; not set or empty is an error</description></item>
/// <item><term><c>${NAME?message}</c></term><description>the value; not set is an error</description></item>
/// <item><term><c>$$</c></term><description>one dollar sign</description></item>
/// </list>
/// Text may hold references itself. Anything else, and every line that holds only a comment, stays as it is.
/// </summary>
internal sealed class EnvironmentSubstitution(IReadOnlyDictionary<string, string> variables)
{
    private const int MaxOutput = 4 * 1024 * 1024;
    private const int MaxNesting = 32;

    public SubstitutedText Apply(string source)
    {
        var output = new SubstitutionOutput(MaxOutput);
        var pass = new Pass(source, ReferenceScanner.MatchBraces(source), variables, output);
        pass.Expand(0, source.Length, 0);
        return output.ToText();
    }

    private sealed class Pass(
        string source, Dictionary<int, int> braces, IReadOnlyDictionary<string, string> variables, SubstitutionOutput output)
    {
        private readonly LineCounter _lines = new(source);

        public void Expand(int start, int end, int depth)
        {
            for (var i = start; i < end && !output.IsFull;)
            {
                if (ReferenceScanner.IsCommentLine(source, i, out var next))
                {
                    next = Math.Min(next, end);
                    Copy(i, next);
                    i = next;
                }
                else if (source[i] == '$' && i + 1 < end && source[i + 1] == '$')
                {
                    output.Copy('$', _lines.At(i));
                    i += 2;
                }
                else if (source[i] == '$' && braces.TryGetValue(i, out var close) && TryParse(i, close, out var reference))
                {
                    Replace(reference, i, depth);
                    i = close + 1;
                }
                else
                {
                    Copy(i, i + 1);
                    i++;
                }
            }
        }

        private void Copy(int start, int end)
        {
            for (var i = start; i < end; i++)
            {
                output.Copy(source[i], _lines.At(i));
            }
        }

        private bool TryParse(int start, int close, out Reference reference)
        {
            var nameStart = start + 2;
            var i = nameStart;
            while (i < close && (char.IsAsciiLetter(source[i]) || source[i] == '_' || (i > nameStart && char.IsAsciiDigit(source[i]))))
            {
                i++;
            }

            var name = source[nameStart..i];
            var emptyCounts = i < close && source[i] == ':';
            var operation = emptyCounts ? i + 1 : i;
            reference = new Reference(name, emptyCounts, ' ', close, close);
            if (name.Length == 0 || i == close)
            {
                return name.Length > 0;
            }

            if (operation >= close || source[operation] is not ('-' or '?'))
            {
                return false;
            }

            reference = new Reference(name, emptyCounts, source[operation], operation + 1, close);
            return true;
        }

        private void Replace(Reference reference, int position, int depth)
        {
            var line = _lines.At(position);
            var isSet = variables.TryGetValue(reference.Name, out var value);
            if (isSet && !(reference.EmptyCounts && string.IsNullOrEmpty(value)))
            {
                output.Insert(reference.Name, value ?? "", line);
            }
            else if (reference.Operation == ' ')
            {
                output.InsertNothing(reference.Name, InsertionKind.Unset);
            }
            else if (reference.Operation == '?')
            {
                // The message is shown as written: a reference inside it could show a secret.
                var message = source[reference.TextStart..reference.TextEnd].Trim();
                output.Fail(line, message.Length > 0
                    ? $"the variable {reference.Name} is missing: {message}"
                    : $"the variable {reference.Name} is missing");
                output.InsertNothing(reference.Name, InsertionKind.Missing);
            }
            else if (depth >= MaxNesting)
            {
                output.Fail(line, $"variables are nested more than {MaxNesting} deep");
                output.InsertNothing(reference.Name, InsertionKind.Missing);
            }
            else
            {
                Expand(reference.TextStart, reference.TextEnd, depth + 1);
            }
        }
    }

    private readonly record struct Reference(string Name, bool EmptyCounts, char Operation, int TextStart, int TextEnd);
}
