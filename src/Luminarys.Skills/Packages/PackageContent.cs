namespace Luminarys.Skills.Packages;

/// <summary>What goes into a package.</summary>
/// <param name="Id">The package's own name: reverse-domain, such as <c>ai.luminarys.as.echo</c>.</param>
/// <param name="Version">Its version, such as <c>1.2.0</c>.</param>
/// <param name="Descriptor">What the module describes itself as: one MessagePack map.</param>
/// <param name="Module">The WebAssembly module.</param>
public sealed record PackageContent(PackageId Id, string Version, ReadOnlyMemory<byte> Descriptor, ReadOnlyMemory<byte> Module);
