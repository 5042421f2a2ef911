using System.Collections.Concurrent;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Tests;

/// <summary>The guests of <c>tests/assets</c>: modules as they are, text compiled once for each test run.</summary>
internal static class WasmAssets
{
    private static readonly string s_directory = Directory.CreateTempSubdirectory("luminarys-assets-").FullName;
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_files = new();

    static WasmAssets() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(s_directory, recursive: true);

    /// <summary>A place for compiled modules.</summary>
    public static string Cache { get; } = Path.Combine(s_directory, "cache");

    /// <summary>Path of the compiled guest.</summary>
    public static string PathOf(string name) => s_files.GetOrAdd(name, key => new Lazy<string>(() => Compile(key))).Value;

    private static string Compile(string name)
    {
        var module = Path.Combine(AppContext.BaseDirectory, "assets", $"{name}.wasm");
        if (File.Exists(module))
        {
            return module;
        }

        var file = Path.Combine(s_directory, $"{name.Replace('/', '-')}.wasm");
        File.WriteAllBytes(file, Module.ConvertText(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "assets", $"{name}.wat"))));
        return file;
    }
}
