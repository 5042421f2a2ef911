using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>Asks modules what they are, without deploying them. Thread-safe.</summary>
public interface ISkillInspector
{
    /// <summary>Starts a module without any permission, asks for its descriptor and ends it. Nothing a module contains makes this throw.</summary>
    /// <param name="module">The WebAssembly module.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    ValueTask<SkillInspection> InspectAsync(ReadOnlyMemory<byte> module, CancellationToken cancellationToken);
}
