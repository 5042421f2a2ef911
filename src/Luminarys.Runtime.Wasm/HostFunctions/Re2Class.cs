using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>A set of characters on its way into a .NET expression. Members above U+FFFF become pairs of surrogates beside the class.</summary>
internal sealed class Re2Class
{
    private const int LastBasic = 0xFFFF;
    private const int FirstHigh = 0xD800;
    private const int FirstLow = 0xDC00;
    private const int LastLow = 0xDFFF;

    // Pairs of first and last character: the classes of RE2 are of ASCII.
    private static readonly FrozenDictionary<string, string> s_named = new Dictionary<string, string>
    {
        [@"\d"] = "09",
        [@"\s"] = "\t\n\f\r  ",
        [@"\w"] = "09AZ__az",
        ["[:alnum:]"] = "09AZaz",
        ["[:alpha:]"] = "AZaz",
        ["[:ascii:]"] = "\0\x7f",
        ["[:blank:]"] = "\t\t  ",
        ["[:cntrl:]"] = "\0\x1f\x7f\x7f",
        ["[:digit:]"] = "09",
        ["[:graph:]"] = "!~",
        ["[:lower:]"] = "az",
        ["[:print:]"] = " ~",
        ["[:punct:]"] = "!/:@[`{~",
        ["[:space:]"] = "\t\r  ",
        ["[:upper:]"] = "AZ",
        ["[:word:]"] = "09AZ__az",
        ["[:xdigit:]"] = "09AFaf",
        ["Any"] = "\0\uffff",
        ["Arabic"] = "\u0600\u0604\u0606\u060b\u060d\u061a\u061c\u061e\u0620\u063f\u0641\u064a\u0656\u066f\u0671\u06dc\u06de\u06ff\u0750\u077f\ufb50\ufdff\ufe70\ufefc",
        ["Cyrillic"] = "\u0400\u0484\u0487\u052f\u1c80\u1c88\u1d2b\u1d2b\u1d78\u1d78\u2de0\u2dff\ua640\ua69f\ufe2e\ufe2f",
        ["Greek"] = "\u0370\u0373\u0375\u0377\u037a\u037d\u037f\u037f\u0384\u0384\u0386\u0386\u0388\u03e1\u03f0\u03ff\u1d26\u1d2a\u1f00\u1ffe\u2126\u2126",
        ["Han"] = "\u2e80\u2ef3\u2f00\u2fd5\u3005\u3005\u3007\u3007\u3021\u3029\u3038\u303b\u3400\u4dbf\u4e00\u9fff\uf900\ufad9",
        ["Hangul"] = "\u1100\u11ff\u302e\u302f\u3131\u318e\u3200\u321e\u3260\u327e\ua960\ua97c\uac00\ud7a3\ud7b0\ud7fb\uffa0\uffdc",
        ["Hebrew"] = "\u0591\u05f4\ufb1d\ufb4f",
        ["Hiragana"] = "\u3041\u3096\u309d\u309f",
        ["Katakana"] = "\u30a1\u30fa\u30fd\u30ff\u31f0\u31ff\u32d0\u32fe\u3300\u3357\uff66\uff6f\uff71\uff9d",
        ["Latin"] = "AZaz\u00aa\u00aa\u00ba\u00ba\u00c0\u00d6\u00d8\u00f6\u00f8\u02b8\u1e00\u1eff\u2c60\u2c7f\ua722\ua787\uff21\uff3a\uff41\uff5a",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> s_categories = FrozenSet.Create(
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Cs", "Co");

    private readonly StringBuilder _members = new();
    private readonly List<string> _pairs = [];

    /// <summary>Adds characters from the first to the last.</summary>
    public void Add(int first, int last)
    {
        if (first <= LastBasic)
        {
            var end = Math.Min(last, LastBasic);
            _members.Append(CultureInfo.InvariantCulture, $"\\u{first:x4}");
            if (end > first)
            {
                _members.Append(CultureInfo.InvariantCulture, $"-\\u{end:x4}");
            }
        }

        if (last > LastBasic)
        {
            AddPairs(Math.Max(first, LastBasic + 1) - LastBasic - 1, last - LastBasic - 1);
        }
    }

    /// <summary>Adds a class by its name: <c>\d</c>, <c>[:alpha:]</c>, <c>Lu</c>, <c>Greek</c>. Answers false for an unknown one.</summary>
    public bool TryAdd(string name, bool isNegated)
    {
        if (s_categories.Contains(name))
        {
            _members.Append(CultureInfo.InvariantCulture, $"\\{(isNegated ? 'P' : 'p')}{{{name}}}");
            return true;
        }

        if (!s_named.TryGetValue(name, out var ranges))
        {
            return false;
        }

        var next = 0;
        for (var i = 0; i < ranges.Length; i += 2)
        {
            if (!isNegated)
            {
                Add(ranges[i], ranges[i + 1]);
            }
            else if (ranges[i] > next)
            {
                Add(next, ranges[i] - 1);
            }

            next = ranges[i + 1] + 1;
        }

        if (isNegated && next <= LastBasic)
        {
            Add(next, LastBasic);
        }

        return true;
    }

    /// <summary>Writes the set as one unit that a quantifier may follow.</summary>
    public Re2Fault? WriteTo(StringBuilder expression, bool isNegated)
    {
        if (_pairs.Count == 0)
        {
            // An empty class matches nothing, its negation everything.
            expression.Append((_members.Length, isNegated) switch
            {
                (0, true) => @"[\u0000-\uffff]",
                (0, false) => @"[^\u0000-\uffff]",
                _ => $"[{(isNegated ? "^" : "")}{_members}]",
            });
            return null;
        }

        if (isNegated)
        {
            return Re2Fault.Unsupported("a negated class with characters above U+FFFF");
        }

        expression.Append("(?:").AppendJoin('|', _pairs);
        if (_members.Length > 0)
        {
            expression.Append("|[").Append(_members).Append(']');
        }

        expression.Append(')');
        return null;
    }

    // Numbers count from U+10000. All pairs with the first high surrogate, those between, those with the last.
    private void AddPairs(int first, int last)
    {
        var (firstHigh, firstLow) = (FirstHigh + (first >> 10), FirstLow + (first & 0x3ff));
        var (lastHigh, lastLow) = (FirstHigh + (last >> 10), FirstLow + (last & 0x3ff));
        if (firstHigh == lastHigh)
        {
            AddPair(firstHigh, firstHigh, firstLow, lastLow);
            return;
        }

        AddPair(firstHigh, firstHigh, firstLow, LastLow);
        if (lastHigh - firstHigh > 1)
        {
            AddPair(firstHigh + 1, lastHigh - 1, FirstLow, LastLow);
        }

        AddPair(lastHigh, lastHigh, FirstLow, lastLow);
    }

    private void AddPair(int firstHigh, int lastHigh, int firstLow, int lastLow) =>
        _pairs.Add(string.Create(CultureInfo.InvariantCulture, $"[\\u{firstHigh:x4}-\\u{lastHigh:x4}][\\u{firstLow:x4}-\\u{lastLow:x4}]"));
}
