namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>An archive that wants more than to be unpacked.</summary>
/// <param name="Name">What it tries.</param>
/// <param name="Make">Its bytes.</param>
/// <param name="Refusal">A part of the error; null when it must be unpacked without harm.</param>
/// <param name="Files">What may stand in the destination afterwards, one name each, directories with a slash.</param>
internal sealed record HostileArchive(string Name, Func<byte[]> Make, string? Refusal, params string[] Files)
{
    public override string ToString() => Name;
}
