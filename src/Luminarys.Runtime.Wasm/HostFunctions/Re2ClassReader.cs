namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>Reads sets of characters: <c>[a-z]</c>, <c>\d</c>, <c>\p{Greek}</c>, <c>[[:alpha:]]</c>.</summary>
internal static class Re2ClassReader
{
    /// <summary>Reads a class behind its opening bracket.</summary>
    public static Re2Fault? ReadMembers(Re2Text text, Re2Class set)
    {
        for (var isFirst = true; !text.IsAtEnd; isFirst = false)
        {
            if (!isFirst && text.TrySkip("]"))
            {
                return null;
            }

            if (ReadMember(text, set) is { } fault)
            {
                return fault;
            }
        }

        return Re2Fault.Invalid("missing ']'");
    }

    /// <summary>Reads <c>\d</c> and its like; answers false when something else comes next.</summary>
    public static bool TryReadNamed(Re2Text text, Re2Class set, out Re2Fault? fault)
    {
        fault = null;
        foreach (var letter in "dswDSW")
        {
            if (text.TrySkip($"\\{letter}"))
            {
                return set.TryAdd($"\\{char.ToLowerInvariant(letter)}", char.IsAsciiLetterUpper(letter));
            }
        }

        var isNegated = text.Follows(@"\P");
        if (!text.TrySkip(@"\p") && !text.TrySkip(@"\P"))
        {
            return false;
        }

        fault = ReadUnicode(text, set, isNegated);
        return true;
    }

    private static Re2Fault? ReadUnicode(Re2Text text, Re2Class set, bool isNegated)
    {
        var name = "";
        if (text.TrySkip("{"))
        {
            name = text.PeekUntil("}") ?? "";
            text.Skip(name.Length == 0 ? 0 : name.Length + 1);
        }
        else if (!text.IsAtEnd)
        {
            name = text.Take().ToString();
        }

        if (name.StartsWith('^'))
        {
            isNegated = !isNegated;
            name = name[1..];
        }

        return name.Length == 0 ? Re2Fault.Invalid(@"a class of characters '\p' without its name")
            : char.IsAsciiLetterUpper(name[0]) && set.TryAdd(name, isNegated) ? null
            : Re2Fault.Unsupported($"the class of characters '{name}'");
    }

    private static Re2Fault? ReadMember(Re2Text text, Re2Class set)
    {
        if (text.Follows("[:") && text.PeekUntil(":]") is { } named)
        {
            text.Skip(named.Length + ":]".Length);
            var isNegated = named.StartsWith("[:^", StringComparison.Ordinal);
            return set.TryAdd(isNegated ? $"[:{named[3..]}:]" : $"{named}:]", isNegated) ? null : Re2Fault.Invalid($"unknown class '{named}:]'");
        }

        if (TryReadNamed(text, set, out var fault))
        {
            return fault;
        }

        if (ReadSingle(text, out var first) is { } wrong)
        {
            return wrong;
        }

        var last = first;
        if (text.Follows("-") && !text.Follows("-]"))
        {
            text.Take();
            if (text.IsAtEnd || ReadSingle(text, out last) is not null || last < first)
            {
                return Re2Fault.Invalid("a range of characters that is not one");
            }
        }

        set.Add(first, last);
        return null;
    }

    private static Re2Fault? ReadSingle(Re2Text text, out int character)
    {
        if (text.Next == '\\')
        {
            return text.ReadEscaped(out character);
        }

        character = text.ReadCharacter();
        return null;
    }
}
