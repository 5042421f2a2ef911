using System.Collections.Frozen;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Which names of files belong to a type: a language, or all source code.</summary>
internal static class FileTypes
{
    private static readonly FrozenDictionary<string, string[]> s_languages = new Dictionary<string, string[]>
    {
        ["asm"] = ["asm", "s"],
        ["bash"] = ["sh", "bash"],
        ["c"] = ["c", "h"],
        ["clojure"] = ["clj", "cljs", "cljc"],
        ["cpp"] = ["cpp", "cc", "cxx", "hpp", "hh", "hxx", "h"],
        ["cs"] = ["cs", "csx"],
        ["csharp"] = ["cs", "csx"],
        ["dart"] = ["dart"],
        ["elixir"] = ["ex", "exs"],
        ["erlang"] = ["erl", "hrl"],
        ["fsharp"] = ["fs", "fsi", "fsx"],
        ["fs"] = ["fs", "fsi", "fsx"],
        ["go"] = ["go"],
        ["groovy"] = ["groovy", "gradle"],
        ["haskell"] = ["hs", "lhs"],
        ["java"] = ["java"],
        ["javascript"] = ["js", "jsx", "mjs", "cjs"],
        ["js"] = ["js", "jsx", "mjs", "cjs"],
        ["julia"] = ["jl"],
        ["kotlin"] = ["kt", "kts"],
        ["kt"] = ["kt", "kts"],
        ["lua"] = ["lua"],
        ["ml"] = ["ml", "mli"],
        ["objc"] = ["m", "mm", "h"],
        ["ocaml"] = ["ml", "mli"],
        ["perl"] = ["pl", "pm"],
        ["php"] = ["php"],
        ["powershell"] = ["ps1", "psm1"],
        ["py"] = ["py", "pyi", "pyw"],
        ["python"] = ["py", "pyi", "pyw"],
        ["r"] = ["r"],
        ["rb"] = ["rb", "rake"],
        ["rs"] = ["rs"],
        ["ruby"] = ["rb", "rake"],
        ["rust"] = ["rs"],
        ["scala"] = ["scala", "sc"],
        ["sh"] = ["sh", "bash"],
        ["shell"] = ["sh", "bash", "zsh", "fish"],
        ["sql"] = ["sql"],
        ["svelte"] = ["svelte"],
        ["swift"] = ["swift"],
        ["ts"] = ["ts", "tsx", "mts", "cts"],
        ["typescript"] = ["ts", "tsx", "mts", "cts"],
        ["vb"] = ["vb"],
        ["vue"] = ["vue"],
        ["wat"] = ["wat"],
        ["zig"] = ["zig"],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // Not code, but names that do not say their extension.
    private static readonly FrozenDictionary<string, string[]> s_documents = new Dictionary<string, string[]>
    {
        ["html"] = ["html", "htm"],
        ["markdown"] = ["md", "markdown"],
        ["md"] = ["md", "markdown"],
        ["proto"] = ["proto"],
        ["yaml"] = ["yaml", "yml"],
        ["yml"] = ["yaml", "yml"],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> s_code = s_languages.Values.SelectMany(extensions => extensions).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The extensions that a filter names; null when it names all.</summary>
    public static IReadOnlySet<string>? Find(string filter) => filter switch
    {
        "" or "text" or "all" => null,
        "code" => s_code,
        _ when s_languages.TryGetValue(filter, out var extensions) || s_documents.TryGetValue(filter, out extensions) =>
            extensions.ToHashSet(StringComparer.OrdinalIgnoreCase),
        _ => new HashSet<string>(StringComparer.OrdinalIgnoreCase) { filter.TrimStart('.') },
    };

    /// <summary>What follows the last dot of a name.</summary>
    public static string ExtensionOf(string name) => name[(name.LastIndexOf('.') + 1)..];
}
