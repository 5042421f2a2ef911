using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Luminarys.Mcp.Arguments;

/// <summary>Finds a name that an object has twice: a guest's map has it once, and which of the two was meant nobody knows.</summary>
internal static class MemberNames
{
    private const int MaxCompared = 16;

    /// <summary>The name; null when all differ. Small objects cost no memory.</summary>
    public static string? FindRepeated(JsonElement value, int count) => count <= MaxCompared ? Compare(value) : Collect(value, count);

    private static string? Compare(JsonElement value)
    {
        var index = 0;
        foreach (var member in value.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            var unescaped = name.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(member.Name) : name;
            var left = index++;
            foreach (var earlier in value.EnumerateObject())
            {
                if (left-- == 0)
                {
                    break;
                }

                if (earlier.NameEquals(unescaped))
                {
                    return member.Name;
                }
            }
        }

        return null;
    }

    private static string? Collect(JsonElement value, int count)
    {
        var names = new HashSet<string>(count, StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (!names.Add(member.Name))
            {
                return member.Name;
            }
        }

        return null;
    }
}
