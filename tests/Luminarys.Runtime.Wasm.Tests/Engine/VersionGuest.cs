using Luminarys.Manifests;
using Luminarys.Permissions;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

/// <summary>Versions of the guest "version" in files of their own, deleted with the folder.</summary>
internal sealed class VersionGuest : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("luminarys-version-").FullName;

    /// <summary>The manifest of a version that says the word.</summary>
    /// <param name="word">Three letters.</param>
    /// <param name="isSlow">Whether a call takes half a second instead of some milliseconds.</param>
    /// <param name="connects">Whether it may hold connections.</param>
    public Manifest Of(string word, bool isSlow = false, bool connects = false)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "assets", "version.wat")).Replace("ONE", word, StringComparison.Ordinal);
        text = isSlow ? text.Replace(@"\40\4b\4c\00\00", @"\00\65\cd\1d\00", StringComparison.Ordinal) : text;
        text = connects ? text.Replace("(module", @"(module (import ""env"" ""tcp_connect"" (func (param i32 i32) (result i64)))", StringComparison.Ordinal) : text;
        var file = Path.Combine(_folder, $"{word}-{isSlow}-{connects}.wasm");
        File.WriteAllBytes(file, Module.ConvertText(text));
        var permissions = connects ? PermissionSet.None with { Tcp = new TcpPermission([], false) } : PermissionSet.None;
        return new(RuntimeHarness.Id, "version.yaml", file) { Permissions = permissions };
    }

    /// <summary>The manifest of a file with any content.</summary>
    public Manifest Broken(byte[] content)
    {
        var file = Path.Combine(_folder, "broken.wasm");
        File.WriteAllBytes(file, content);
        return new(RuntimeHarness.Id, "version.yaml", file);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
