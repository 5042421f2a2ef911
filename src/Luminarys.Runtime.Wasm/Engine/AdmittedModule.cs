using System.Collections.Immutable;
using Luminarys.Skills;
using Luminarys.Skills.Packages;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>A module that may be compiled: its bytes are those that were hashed, verified and judged.</summary>
/// <param name="Module">The module, part of the file as it was read.</param>
/// <param name="Digest">Its digest.</param>
internal sealed record AdmittedModule(ReadOnlyMemory<byte> Module, PackageDigest Digest)
{
    /// <summary>The package that holds it; null for a bare module.</summary>
    public SkillPackage? Package { get; init; }

    /// <summary>What was signed of it; null for a bare module.</summary>
    public SkillDescriptor? Descriptor { get; init; }

    /// <summary>Whether a key of the trust folder vouches for it.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>What an operator should know.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
