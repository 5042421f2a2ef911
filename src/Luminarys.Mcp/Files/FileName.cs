namespace Luminarys.Mcp.Files;

/// <summary>A name that is safe in every file system and in every header.</summary>
internal static class FileName
{
    private const int MaxLength = 100;
    private const string Nameless = "file";

    /// <summary>The last part of what a client calls it, with every other character replaced by an underscore.</summary>
    public static string Of(string? given)
    {
        var name = (given ?? "").AsSpan();
        name = name[(name.LastIndexOfAny('/', '\\') + 1)..];
        var safe = string.Create(Math.Min(name.Length, MaxLength), name, static (target, source) =>
        {
            for (var index = 0; index < target.Length; index++)
            {
                var character = source[^(target.Length - index)];
                target[index] = char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' ? character : '_';
            }
        }).TrimStart('.', '-');
        return safe.Length == 0 ? Nameless : safe;
    }
}
