using System.Collections.Concurrent;
using Luminarys.Files;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm;
using Luminarys.Skills.Descriptors;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Samples;

/// <summary>Signs the committed modules with a key of this run, which is in no file.</summary>
internal static class SampleSigner
{
    private static readonly SigningKey s_key = SigningKey.Create();
    private static readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> s_packages = new(StringComparer.Ordinal);

    /// <summary>The package of a module.</summary>
    public static Task<byte[]> SignAsync(string module) => s_packages.GetOrAdd(module, file => new(() => MakeAsync(file))).Value;

    /// <summary>Makes a trust folder that trusts this key for the samples, and nobody else.</summary>
    public static async Task WriteTrustAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{s_key.Id}.yaml"), $"""
            name: samples
            public_key: {Convert.ToBase64String(s_key.PublicKey.Span)}
            prefixes: ["ai.luminarys.as"]
            """);
    }

    private static async Task<byte[]> MakeAsync(string file)
    {
        var module = await File.ReadAllBytesAsync(file);
        await using var services = new ServiceCollection().AddLogging().AddFileAccess(_ => { }).AddWasmRuntime(_ => { }).BuildServiceProvider();
        var inspection = await services.GetRequiredService<ISkillInspector>().InspectAsync(module, CancellationToken.None);
        var descriptor = inspection.Descriptor ?? throw new InvalidOperationException($"{file}: {inspection.Error}");
        return SkillPackageWriter.Write(new(descriptor.Package, descriptor.Version, CanonicalDescriptor.Write(descriptor), module), s_key, DateTimeOffset.UtcNow);
    }
}
