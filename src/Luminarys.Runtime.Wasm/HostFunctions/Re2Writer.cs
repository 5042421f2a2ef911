using System.Globalization;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// Writes a pattern of RE2's syntax as a .NET expression with the same matches. Every accepted element is known here and written anew, so that nothing
/// reaches the other parser with another meaning. Groups capture nothing: nobody asks for them.
/// </summary>
internal sealed class Re2Writer(string pattern, bool ignoreCase, RegexDefences defences)
{
    private const int MaxNesting = 100;
    private const int MaxRepetition = 1000;

    private readonly StringBuilder _expression = new();
    private readonly Stack<Scope> _outer = new();
    private readonly Re2Text _text = new(pattern);
    private Scope _scope = new() { IgnoresCase = ignoreCase };
    private Unit _last;

    // What a quantifier would apply to.
    private enum UnitKind
    {
        Nothing,
        Something,
        Quantified,
    }

    /// <summary>Writes it, or answers why not.</summary>
    public Re2Fault? Write(out string expression)
    {
        Re2Fault? fault = null;
        while (!_text.IsAtEnd && fault is null)
        {
            fault = WriteNext();
        }

        expression = _expression.ToString();
        return fault ?? (_outer.Count > 0 ? Re2Fault.Invalid("missing ')'") : null);
    }

    private Re2Fault? WriteNext()
    {
        switch (_text.Next)
        {
            case '(':
                return BeginGroup();
            case ')':
                return EndGroup();
            case '|':
                _expression.Append(_text.Take());
                _last = default;
                return null;
            case '*' or '+' or '?':
                return WriteQuantifier(_text.Take().ToString(), 1);
            case '{' when TryReadRepetition(out var quantifier, out var most):
                return WriteQuantifier(quantifier, most);
            case '[':
                _text.Take();
                var isNegated = _text.TrySkip("^");
                var set = new Re2Class();
                return Re2ClassReader.ReadMembers(_text, set) ?? WriteSet(set, isNegated);
            case '.':
                _text.Take();
                return WriteUnit(_scope.DotMatchesNewline ? @"[\u0000-\uffff]" : @"[^\n]");
            case '^':
                _text.Take();
                return WriteUnit(_scope.IsMultiline ? "(?m:^)" : @"\A");
            case '$':
                _text.Take();
                return WriteUnit(_scope.IsMultiline ? "(?m:$)" : @"\z");
            case '\\':
                return WriteEscape();
            default:
                return WriteLiteral(_text.ReadCharacter());
        }
    }

    private Re2Fault? BeginGroup()
    {
        if (_outer.Count == MaxNesting)
        {
            return Re2Fault.Unsupported($"groups nested deeper than {MaxNesting}");
        }

        _text.Take();
        var inner = _scope;
        if (_text.TrySkip("?P<") || (!_text.Follows("?<=") && !_text.Follows("?<!") && _text.TrySkip("?<")))
        {
            if (!TrySkipName())
            {
                return Re2Fault.Invalid("a group's name must be letters, digits and '_' up to '>'");
            }
        }
        else if (_text.TrySkip("?"))
        {
            if (ReadFlags(ref inner, out var isGroup) is { } fault)
            {
                return fault;
            }

            if (!isGroup)
            {
                WriteFlags(inner);
                return null;
            }
        }

        _outer.Push(_scope);
        _expression.Append(inner.IgnoresCase == _scope.IgnoresCase ? "(?:" : inner.IgnoresCase ? "(?i:" : "(?-i:");
        _scope = inner with { Repetition = 1 };
        _last = default;
        return null;
    }

    private Re2Fault? EndGroup()
    {
        if (!_outer.TryPop(out var outer))
        {
            return Re2Fault.Invalid("unexpected ')'");
        }

        _expression.Append(_text.Take());
        _last = new(UnitKind.Something, _scope.Repetition);
        outer.Repetition = Math.Max(outer.Repetition, _scope.Repetition);
        _scope = outer;
        return null;
    }

    private void WriteFlags(Scope flags)
    {
        if (flags.IgnoresCase != _scope.IgnoresCase)
        {
            _expression.Append(flags.IgnoresCase ? "(?i)" : "(?-i)");
        }

        _scope = flags;
        _last = default;
    }

    private Re2Fault? ReadFlags(ref Scope scope, out bool isGroup)
    {
        isGroup = false;
        var isOn = true;
        for (var isFirst = true; !_text.IsAtEnd; isFirst = false)
        {
            var flag = _text.Take();
            switch (flag)
            {
                case 'i':
                    scope.IgnoresCase = isOn;
                    break;
                case 'm':
                    scope.IsMultiline = isOn;
                    break;
                case 's':
                    scope.DotMatchesNewline = isOn;
                    break;
                case 'U':
                    scope.IsLazy = isOn;
                    break;
                case '-' when isOn:
                    isOn = false;
                    break;
                case ':' or ')':
                    isGroup = flag == ':';
                    return null;
                case '=' or '!' or '<' or '>' or '(' or '#' or 'P' when isFirst:
                    return Re2Fault.Unsupported($"the group '(?{flag}'");
                default:
                    return Re2Fault.Invalid($"unknown flag '{flag}' of a group");
            }
        }

        return Re2Fault.Invalid("missing ')'");
    }

    private Re2Fault? WriteQuantifier(string quantifier, int most)
    {
        if (_last.Kind != UnitKind.Something)
        {
            return Re2Fault.Invalid(_last.Kind == UnitKind.Nothing ? $"nothing to repeat before '{quantifier}'" : $"repeated repetition '{quantifier}'");
        }

        var repetition = _last.Repetition * Math.Max(most, 1);
        if (repetition > MaxRepetition && defences.RepetitionLimit)
        {
            return Re2Fault.Unsupported($"more than {MaxRepetition} repetitions");
        }

        _expression.Append(quantifier);
        if (_text.TrySkip("?") != _scope.IsLazy)
        {
            _expression.Append('?');
        }

        _scope.Repetition = Math.Max(_scope.Repetition, repetition);
        _last = new(UnitKind.Quantified, repetition);
        return null;
    }

    // What has not the form of a repetition is text, such as the brace of a function.
    private bool TryReadRepetition(out string quantifier, out int most)
    {
        quantifier = "";
        most = 0;
        if (_text.PeekUntil("}") is not { } open)
        {
            return false;
        }

        var body = open.AsSpan(1);
        var comma = body.IndexOf(',');
        var second = body[(comma + 1)..];
        if (!TryReadCount(comma < 0 ? body : body[..comma], out var least) || (!TryReadCount(second, out most) && !second.IsEmpty))
        {
            return false;
        }

        most = second.IsEmpty ? least : most;
        quantifier = $"{open}}}";
        _text.Skip(quantifier.Length);
        return true;
    }

    private static bool TryReadCount(ReadOnlySpan<char> digits, out int count)
    {
        count = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            count = Math.Min((count * 10) + (digit - '0'), 10 * MaxRepetition);
        }

        return !digits.IsEmpty;
    }

    private Re2Fault? WriteEscape()
    {
        if (_text.TrySkip(@"\Q"))
        {
            while (!_text.IsAtEnd && !_text.TrySkip(@"\E"))
            {
                WriteLiteral(_text.ReadCharacter());
            }

            return null;
        }

        foreach (var border in (ReadOnlySpan<string>)[@"\A", @"\z", @"\b", @"\B"])
        {
            if (_text.TrySkip(border))
            {
                return WriteUnit(border);
            }
        }

        var set = new Re2Class();
        return Re2ClassReader.TryReadNamed(_text, set, out var fault) ? fault ?? WriteSet(set, isNegated: false)
            : _text.ReadEscaped(out var character) ?? WriteLiteral(character);
    }

    private Re2Fault? WriteLiteral(int character)
    {
        if (character <= char.MaxValue)
        {
            return WriteUnit(
                char.IsAsciiLetterOrDigit((char)character) ? ((char)character).ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{character:x4}"));
        }

        var set = new Re2Class();
        set.Add(character, character);
        return WriteSet(set, isNegated: false);
    }

    private Re2Fault? WriteSet(Re2Class set, bool isNegated)
    {
        _last = new(UnitKind.Something, 1);
        return set.WriteTo(_expression, isNegated);
    }

    private Re2Fault? WriteUnit(string unit)
    {
        _expression.Append(unit);
        _last = new(UnitKind.Something, 1);
        return null;
    }

    private bool TrySkipName()
    {
        var name = _text.PeekUntil(">") ?? "";
        _text.Skip(name.Length + 1);
        return name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
    }

    private record struct Unit(UnitKind Kind, long Repetition);

    // Flags hold to the end of their group. Repetition is the largest product of repetitions inside it.
    private record struct Scope()
    {
        public bool IgnoresCase { get; set; }

        public bool IsMultiline { get; set; }

        public bool DotMatchesNewline { get; set; }

        public bool IsLazy { get; set; }

        public long Repetition { get; set; } = 1;
    }
}
