using System.Text.Json;

namespace Luminarys.Mcp.Files;

/// <summary>An argument that stands for a stored file: <c>{"$file": "handle"}</c>, with <c>"as": "bytes"</c> for its content in place of a path.</summary>
/// <param name="Handle">The handle.</param>
/// <param name="IsContent">Whether the skill gets the content.</param>
internal readonly record struct FileArgument(string Handle, bool IsContent)
{
    private const string FileKey = "$file";
    private const string AsKey = "as";

    /// <summary>Whether a value is meant as one.</summary>
    public static bool Is(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(FileKey, out _);

    /// <summary>Reads one; false when it is not well formed.</summary>
    public static bool TryRead(JsonElement value, out FileArgument argument)
    {
        argument = default;
        if (!value.TryGetProperty(FileKey, out var handle) || handle.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var isContent = value.TryGetProperty(AsKey, out var form) && form.ValueKind == JsonValueKind.String && form.ValueEquals("bytes");
        var isPath = form.ValueKind == JsonValueKind.Undefined || (form.ValueKind == JsonValueKind.String && form.ValueEquals("path"));
        if (!(isContent || isPath) || value.GetPropertyCount() > (form.ValueKind == JsonValueKind.Undefined ? 1 : 2))
        {
            return false;
        }

        argument = new(handle.GetString()!, isContent);
        return true;
    }
}
