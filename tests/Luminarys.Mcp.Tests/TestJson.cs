using System.Globalization;
using System.Text.Json;
using CsCheck;

namespace Luminarys.Mcp;

/// <summary>Random JSON texts.</summary>
internal static class TestJson
{
    private static readonly Gen<string> s_text = Gen.OneOf(Gen.String[0, 12], Gen.OneOf("ünï", "😀", "\n\t\"\\", "\u0000", "\u202e"))
        .Where(text => !text.Any(char.IsSurrogate) || text == "😀")
        .Select(text => JsonSerializer.Serialize(text));

    private static readonly Gen<string> s_scalar = Gen.OneOf(
        s_text,
        Gen.Long.Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.ULong.Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Double.Where(double.IsFinite).Select(number => number.ToString("R", CultureInfo.InvariantCulture)),
        Gen.OneOf("true", "false", "null", "0", "-1", "127", "128", "255", "256", "65536", "0.5"));

    /// <summary>An object or array with at most <paramref name="depth"/> levels.</summary>
    public static Gen<string> Value(int depth)
    {
        var inner = depth == 1 ? s_scalar : Gen.OneOf(s_scalar, Value(depth - 1));
        return Gen.OneOf(
            inner.Array[0, 6].Select(items => "[" + string.Join(",", items) + "]"),
            Gen.Select(s_text, inner).Array[0, 6].Select(members =>
                "{" + string.Join(",", members.DistinctBy(member => member.Item1).Select(member => member.Item1 + ":" + member.Item2)) + "}"));
    }
}
