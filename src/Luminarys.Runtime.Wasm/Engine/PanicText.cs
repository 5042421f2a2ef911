namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Finds the one line that matters in what a dying guest wrote to its error stream.</summary>
internal static class PanicText
{
    private static readonly string[] s_outOfMemory = ["out of memory", "memory allocation of "];

    /// <summary>
    /// Go: the text behind <c>panic:</c> or <c>fatal error:</c>, not the stack trace below it. Rust: the line below <c>panicked at</c>.
    /// Else the last line. Null when there is none.
    /// </summary>
    public static string? Find(string lastWords)
    {
        var lines = lastWords.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            if (After(lines[i], "panic: ") is { } go)
            {
                return go;
            }

            if (After(lines[i], "fatal error: ") is { } fatal)
            {
                return fatal;
            }

            if (lines[i].Contains(" panicked at ", StringComparison.Ordinal) && i + 1 < lines.Length)
            {
                return lines[i + 1];
            }
        }

        return lines.LastOrDefault();
    }

    /// <summary>Whether a Go or Rust runtime said that an allocation failed.</summary>
    public static bool IsOutOfMemory(string lastWords) =>
        s_outOfMemory.Any(phrase => lastWords.Contains(phrase, StringComparison.Ordinal));

    private static string? After(string line, string prefix) =>
        line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..] : null;
}
